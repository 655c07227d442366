"""Options and other small YAML files: read strictly, refused with file, line and column."""
