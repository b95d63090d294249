"""What `tools/tidy` checks: which room may include which (arrows), the rules that a file's text keeps (texts),
and that the tests named by docs/requirements.md are there (requirements)."""
