"""What people watch Tidemark with, and how it is held true: docs/metrics.md, deploy/observability."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "observability"
RULES = sorted((FOLDER / "rules").glob("*.yml"))
RULE_TESTS = sorted((FOLDER / "tests").glob("*.yml"))
DASHBOARD = FOLDER / "grafana" / "tidemark.json"
