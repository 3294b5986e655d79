"""The commands, one module each, found by looking: the function named as the module is."""
