"""A frozen pack as a PDF, a page, a workbook and a table: from the frozen data alone, no query anywhere.

``pdf.render_pdf``, ``files.render_xlsx``, ``files.render_csv`` and ``files.render_json`` give bytes, the same for the
same pack; ``present.present_pack`` gives what templates/reports/pack/ print, on paper and on a page.
"""
