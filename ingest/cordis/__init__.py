"""CORDIS, the European Union's data of research projects: its tables, and what they become."""
