"""What `tools/tidy` checks: which room may include which (arrows), and the rules that a file's text keeps (texts)."""
