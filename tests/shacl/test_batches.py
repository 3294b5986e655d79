"""Batches: records validated a part at a time, with a background, as in the whole."""

from collections import Counter

from comparing import Row, rows_of, triples
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Triple

from missiongraph.shacl import compile_shapes

SHAPES = """
ex:ProjectShape a sh:NodeShape ; sh:targetClass ex:Project ;
  sh:property [ sh:path ex:topic ; sh:class ex:Topic ; sh:minCount 1 ] ,
    [ sh:path ( ex:part ex:role ) ; sh:maxCount 1 ; sh:node ex:RoleShape ] .
ex:RoleShape sh:property [ sh:path ex:of ; sh:hasValue ex:role ] .
ex:TopicShape a sh:NodeShape ; sh:targetClass ex:Topic ;
  sh:property [ sh:path ex:title ; sh:minCount 1 ] .
"""
BACKGROUND = """
ex:water a ex:Field ; ex:title "Water" . ex:Field rdfs:subClassOf ex:Topic . ex:untitled a ex:Topic .
ex:lead ex:of ex:role . ex:other ex:of ex:kind .
"""
ROLES = st.lists(st.sampled_from(("ex:lead", "ex:other", '"leader"')), max_size=2)
TOPICS = st.lists(st.sampled_from(("ex:water", "ex:lead", '"Water"')), max_size=2)


@st.composite
def records(draw: st.DrawFn) -> list[list[Triple]]:
    """Records of one project each, some of them right."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        topics = "".join(f"; ex:topic {topic} " for topic in draw(TOPICS))
        roles = "".join(f"; ex:role {role} " for role in draw(ROLES))
        project = f"ex:p{number} a ex:Project {topics}; ex:part ex:p{number}a . "
        found.append(triples(f"{project} ex:p{number}a ex:name 'a' {roles}."))
    return found


@settings(deadline=None)
@given(records())
def test_batches_of_records_find_what_the_whole_finds(found: list[list[Triple]]) -> None:
    plan = compile_shapes(triples(SHAPES))
    background = plan.background(triples(BACKGROUND))
    whole = [triple for record in found for triple in record]
    rows: Counter[Row] = Counter(rows_of(plan.validate(background)))
    for record in found:
        rows += rows_of(plan.validate_batch(record, background))
    assert rows == rows_of(plan.validate(triples(BACKGROUND) + whole))


def test_a_background_is_not_validated_with_each_batch_and_stays_as_it_is() -> None:
    plan = compile_shapes(triples(SHAPES))
    background = plan.background(triples(BACKGROUND))
    size = len(background)
    batch = triples("ex:p a ex:Project ; ex:topic ex:water .")
    assert plan.validate_batch(batch, background).conforms
    assert not plan.validate(background).conforms
    assert len(background) == size
