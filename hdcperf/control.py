"""How far the council itself can bring something about: do, enable or influence (framework, *Our Plans*)."""

from __future__ import annotations

from hdcperf.rag import LabelledEnum

__all__ = ["Control"]


class Control(LabelledEnum):
    """The level of control over a KPI or an action."""

    DO = "do", "Do: the council's own doing"
    ENABLE = "enable", "Enable: the council helps others do it"
    INFLUENCE = "influence", "Influence: the council can only press for it"

    @property
    def word(self) -> str:
        """The one word: Do, Enable or Influence."""
        return self.value.capitalize()
