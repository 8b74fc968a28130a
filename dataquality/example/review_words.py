"""What the example's data quality reviews say, invented and looking it."""

from __future__ import annotations

__all__ = ["CONCLUSIONS", "NOTES", "SEEN", "TOLD"]

TOLD = {
    "planning-householder": "It has never been reviewed, and residents ask about it.",
    "missed-bins": "It has never been reviewed, and members ask about it at every meeting.",
    "recycling-rate": "It has never been reviewed, and it was revised in the year.",
    "street-cleanliness": "It has never been reviewed, and the way it is surveyed changed.",
    "homeless-preventions": "It has never been reviewed, and its months were challenged.",
    "call-wait": "It has never been reviewed, and a new telephone system was put in.",
    "leisure-admissions": "It has never been reviewed.",
    "sickness": "It has never been reviewed.",
}
"""Why each was picked."""

SEEN: dict[str, tuple[str, str]] = {
    "people": ("as_agreed", "Those named do it. The stand-in has done one month alone."),
    "sources": ("as_agreed", "The figure is taken from the system named; the extract of the month is kept."),
    "method": ("as_agreed", "I followed the steps for July and got the figure that was reported."),
    "checks": ("as_agreed", "A second officer looks at it before it is sent, and signs the sheet."),
    "accuracy": ("good", "Ten records of July were traced to the first note of them: all ten were right."),
    "completeness": ("good", "No record of the month was without what is needed of it."),
    "uniqueness": ("good", "Two people who report the same thing are one record."),
    "consistency": ("good", "It agrees with what the service reports to its own managers."),
    "timeliness": ("good", "It is ready by the fifth working day."),
    "validity": ("good", "No value is outside what it can be."),
}
"""What is found where nothing is wrong."""

NOTES: dict[str, dict[str, tuple[str, str]]] = {
    "missed-bins": {
        "checks": ("partly", "It is looked at before it is sent, but reports that were not confirmed are not kept."),
        "completeness": ("adequate", "Reports that the crew does not confirm leave the list without a reason."),
        "validity": ("adequate", "Four rounds had a bin count of nought in June."),
    },
    "recycling-rate": {
        "people": ("partly", "The holder does it alone: the stand-in cannot open the weighbridge records."),
        "sources": ("as_agreed", "Weights come from the weighbridge and from the contractor’s sheets, as agreed."),
        "method": ("otherwise", "Rejected loads are taken off in the sheet, which the template does not mention."),
        "checks": ("otherwise", "Nobody looks at the sheet before it is sent."),
        "accuracy": ("weak", "The contractor’s weights of May were typed in twice, and found in July."),
        "completeness": ("adequate", "One week of June was estimated, and says so."),
        "uniqueness": ("adequate", "A load that is weighed again has two lines, and one is struck out by hand."),
        "consistency": ("adequate", "The county’s own figure for the quarter is half a point lower."),
        "timeliness": ("weak", "The contractor’s sheets come when they come: twice after the month was due."),
    },
    "street-cleanliness": {
        "method": ("partly", "Sites are chosen by the team on the day, where the template says by lot."),
        "accuracy": ("adequate", "Two surveyors gave the same site different grades in one case of eight."),
        "consistency": ("adequate", "Surveys on paper and on tablets word one grade differently."),
    },
    "homeless-preventions": {
        "completeness": ("adequate", "Cases closed by the night service do not seem to be in the system."),
        "timeliness": ("adequate", "Cases are closed up to three weeks after the household was helped."),
    },
    "call-wait": {
        "sources": ("partly", "The new telephone system gives the figure; the template names the old one."),
    },
}
"""What was found otherwise, by the part of the review."""

CONCLUSIONS: dict[str, tuple[str, str]] = {
    "planning-householder": ("good", "The figure can be relied on, and is collected as agreed."),
    "missed-bins": ("adequate", "The figure can be relied on. What is taken off it should be kept with the reason."),
    "recycling-rate": ("weak", "The figure was wrong once and late twice, and rests on one person and one sheet."),
    "street-cleanliness": ("adequate", "The figure is sound, but the sites must be drawn by lot as was agreed."),
    "homeless-preventions": ("adequate", "The figure is too low by the cases of the night service."),
}
