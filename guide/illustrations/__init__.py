"""Pictures drawn from an exhibit's data: never a photograph, and never said to be one."""
