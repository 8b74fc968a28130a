"""Tables whose rows stand as cards on a narrow screen: each cell names its column, and every part says its role."""

from __future__ import annotations

import re

from hdcperf.ui import stacked

HEAD = """<thead><tr><th scope="col">KPI</th><th scope="col" class="num"><a href="?sort=x">Q&amp;A</a></th>
<th scope="col"><span class="govuk-visually-hidden">Change</span></th></tr></thead>"""


def labels(row: str) -> list[str]:
    """The label of each cell of a table with that row, "" for none."""
    body = stacked(f"{HEAD}<tbody>{row}</tbody>").partition("<tbody")[2]
    found = re.findall(r"<(?:td|th)[^>]*>", body)
    return [(re.findall('data-label="([^"]*)"', each) or [""])[0] for each in found]


def test_each_cell_names_its_column_but_the_name_of_the_row_and_what_is_only_read_out() -> None:
    row = '<tr><th scope="row">KPI 1</th><td class="num">9</td><td><a href="/x">Change</a></td></tr>'
    assert labels(row) == ["", "Q&amp;A", ""]


def test_a_cell_across_columns_names_none_and_the_next_names_its_own() -> None:
    assert labels('<tr><td colspan="1">a</td><td>b</td><td>c</td></tr>') == ["", "Q&amp;A", ""]
    assert labels('<tr><td colspan="2">a</td><td>b</td></tr>') == ["", ""]


def test_the_words_of_a_cell_stay_as_they_are_in_a_box_of_their_own() -> None:
    row = '<tr class="x"><td>\n  <p>One &lt;b&gt;</p>\n</td></tr>'
    assert '<div class="app-table__cell"><p>One &lt;b&gt;</p></div></td>' in stacked(f"{HEAD}<tbody>{row}</tbody>")


def test_an_empty_cell_is_left_empty_so_that_no_label_stands_alone() -> None:
    assert '<div class="app-table__cell"></div>' in stacked(f"{HEAD}<tbody><tr><td>  \n</td></tr></tbody>")


def test_every_part_says_its_role_once() -> None:
    shown = stacked(f'{HEAD}<tbody><tr><th scope="row">a</th><td>b</td></tr></tbody>')
    roles = re.findall(r'<(\w+) role="(\w+)"', shown)
    assert roles == [
        ("thead", "rowgroup"),
        ("tr", "row"),
        *[("th", "columnheader")] * 3,
        ("tbody", "rowgroup"),
        ("tr", "row"),
        ("th", "rowheader"),
        ("td", "cell"),
    ]
    assert shown.count("role=") == len(roles)
