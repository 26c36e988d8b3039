# ruff: noqa: E501 - the sentences of plans are long
"""Formats: Word, PDF, old fonts; and what is refused before it is opened."""

import io
import tracemalloc
import zipfile
import zlib

import pytest

from diaban.plans.reader.documents import read_document
from diaban.plans.reader.docx import docx_source
from diaban.plans.reader.refusals import (
    Broken,
    Classified,
    EmptyDocument,
    Encrypted,
    ExternalParts,
    HasMacros,
    NotAPlan,
    NoTextLayer,
    OldWord,
    TooLarge,
    TooManyPages,
    UnknownFormat,
)
from tests.plans.reader.invented import ANNEX_ROWS, COMMUNE, PROVINCE, WARD
from tests.plans.reader.papers import (
    LOCK,
    OFFICE,
    PACKAGE,
    TYPES,
    docx,
    docx_of,
    footnotes,
    numbering,
    pages_of,
    paragraph,
    pdf,
    run,
    table,
)
from tests.plans.reader.readings import dues, plan_of, read
from tests.plans.reader.steps import steps


def words_of(data):
    return [line for line in docx_source(data, "a.docx").text.split("\n") if line.strip()]


# --- Word ---------------------------------------------------------------------------------------


def test_automatic_numbers_are_printed_as_word_prints_them():
    lists = numbering(
        [
            ("upperRoman", "%1."),
            ("decimal", "%2."),
            ("decimal", "%2.%3."),
            ("lowerLetter", "%4)"),
            ("bullet", "-"),
        ]
    )
    body = "".join(
        paragraph(words, numbering=(1, level))
        for words, level in [
            ("MỤC ĐÍCH", 0),
            ("Mục đích", 1),
            ("Yêu cầu", 1),
            ("Chi tiết", 2),
            ("Ý thứ nhất", 3),
            ("Ý thứ hai", 3),
            ("NỘI DUNG", 0),
            ("Mở đầu", 1),
            ("việc nhỏ", 4),
        ]
    )

    assert words_of(docx(body, numbering=lists)) == [
        "I. MỤC ĐÍCH",
        "1. Mục đích",
        "2. Yêu cầu",
        "2.1. Chi tiết",
        "a) Ý thứ nhất",
        "b) Ý thứ hai",
        "II. NỘI DUNG",
        "1. Mở đầu",
        "- việc nhỏ",
    ]


def test_tracked_changes_are_taken_as_accepted():
    runs = (
        run("Hoàn thành trước ngày ")
        + f"<w:del>{run('01/3/2026').replace('w:t', 'w:delText')}</w:del>"
        + f"<w:ins>{run('31/3/2026')}</w:ins>"
        + f"<w:moveFrom>{run(' bị chuyển đi')}</w:moveFrom>"
    )
    joined = (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
        + run("Câu đầu ")
        + "</w:p>"
        + paragraph("câu sau")
    )

    assert words_of(docx(paragraph("", runs=runs) + joined)) == [
        "Hoàn thành trước ngày 31/3/2026",
        "Câu đầu câu sau",
    ]


def test_headers_are_no_text_and_footnotes_stand_behind_their_paragraph():
    reference = run("Các địa bàn") + '<w:r><w:footnoteReference w:id="1"/></w:r>' + run(" đã chọn.")
    data = docx(
        paragraph("", runs=reference) + paragraph("Câu sau."),
        footnotes=footnotes("Gồm 02 xã."),
        header='<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        + paragraph("Trang 1")
        + "</w:hdr>",
    )

    assert words_of(data) == ["Các địa bàn đã chọn.", "<sup>1</sup> Gồm 02 xã.", "Câu sau."]


def test_the_letterhead_and_the_tasks_may_stand_in_tables():
    head = table(
        [
            [
                ["ỦY BAN NHÂN DÂN", "XÃ BÌNH PHÚ", "Số: 12/KH-UBND"],
                [
                    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                    "Độc lập - Tự do - Hạnh phúc",
                    "Bình Phú, ngày 03 tháng 4 năm 2026",
                ],
            ]
        ]
    )
    foot = table(
        [
            [
                ["Nơi nhận:", "- Công an tỉnh;", "- Lưu: VT."],
                ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Thị Bưởi"],
            ]
        ]
    )
    middle = "".join(
        paragraph(words)
        for words in [
            "KẾ HOẠCH",
            "Phòng, chống ma túy năm 2026",
            "Thực hiện Kế hoạch số 1/KH-UBND ngày 05/01/2026 của UBND tỉnh; UBND xã ban hành Kế hoạch như sau:",
            "I. PHÂN CÔNG NHIỆM VỤ",
        ]
    )
    plan = plan_of(docx(head + middle + table(ANNEX_ROWS) + foot), "a.docx")

    assert (plan.metadata.issuer, plan.metadata.number, plan.metadata.date.day) == (
        "UBND xã Bình Phú",
        "12/KH-UBND",
        3,
    )
    assert (plan.metadata.signer_name, plan.recipients) == (
        "Lê Thị Bưởi",
        ("Công an tỉnh", "Lưu: VT"),
    )
    assert dues(plan) == [
        (
            "Phòng Văn hóa - Xã hội",
            "Xây dựng kịch bản lễ phát động",
            [("2026-05-28", "before", None)],
        ),
        (
            "Trung tâm Cung ứng dịch vụ công",
            "Treo băng rôn, khẩu hiệu tuyên",
            [("2026-06", "on", None)],
        ),
        ("Công an xã", "Tuần tra, kiểm soát ban đêm", []),
        ("Công an xã", "Tổng hợp, báo cáo kết quả", [("2026-06-30", "by", None)]),
    ]


# --- PDF ----------------------------------------------------------------------------------------


def test_a_pdf_is_read_over_its_page_ends():
    plan = plan_of(pdf(pages_of(PROVINCE, lines=20)), "a.pdf")

    assert dues(plan) == dues(plan_of(PROVINCE))


def test_a_scan_is_refused():
    with pytest.raises(NoTextLayer) as refusal:
        read(pdf([[(60, 60, "3")], []]), "quet.pdf")

    assert "quet.pdf" in refusal.value.sentence


def test_a_locked_pdf_is_refused():
    with pytest.raises(Encrypted):
        read(pdf(pages_of(PROVINCE), encrypt=LOCK), "khoa.pdf")


def test_a_pdf_of_five_hundred_pages_is_refused():
    with pytest.raises(TooManyPages) as refusal:
        read(pdf([[(60, 60, "Trang")]] * 500), "dai.pdf")

    assert refusal.value.facts["pages"] == 500


@pytest.mark.parametrize("cut", [60, 400, 4000])
def test_a_pdf_cut_short_is_read_or_refused(cut):
    data = pdf(pages_of(PROVINCE))

    with pytest.raises((Broken, NoTextLayer, NotAPlan, EmptyDocument)):
        read(data[:-cut][: len(data) // 3], "dut.pdf")


# --- text ---------------------------------------------------------------------------------------


def old_font(text, entries):
    """A text as the code points of an old font; capitals with marks did not exist there."""
    table_of = {letter: codes for codes, letter in entries}
    return "".join(table_of.get(c) or table_of.get(c.lower(), c) for c in text)


@pytest.mark.parametrize("font", ["tcvn3", "vni"])
@pytest.mark.parametrize("as_unicode", [False, True], ids=["bytes", "letters"])
def test_text_in_an_old_font_is_read(font, as_unicode):
    from importlib import import_module

    entries = import_module(f"viparse.normalize.{font}")._ENTRIES
    printed = old_font(PROVINCE, entries)
    data = printed.encode("utf-8" if as_unicode else "cp1252", errors="replace")

    plan = read_document(data, "cu.txt").plans[0]

    assert [d for _, _, d in dues(plan)] == [d for _, _, d in dues(plan_of(PROVINCE))]
    assert [a.unit.lower() for a in plan.assignments] == [
        a.unit.lower() for a in plan_of(PROVINCE).assignments
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_text_may_begin_with_a_byte_order_mark(encoding):
    assert dues(plan_of(COMMUNE.encode(encoding))) == dues(plan_of(COMMUNE))


TWO_COLUMNS = """\
KẾ HOẠCH
Phòng, chống ma túy năm 2027
Căn cứ Luật Phòng, chống ma túy, Ủy ban nhân dân xã ban hành Kế hoạch như sau:
I. PHÂN CÔNG NHIỆM VỤ
1. Công an xã
- Chủ trì rà soát người nghiện, hoàn thành trước ngày 15/3/2027.
2. Trạm Y tế xã
- Phối hợp xác định tình trạng nghiện./.
"""
HEADS = (
    ["ỦY BAN NHÂN DÂN", "XÃ MƯỜNG KHOANG", "Số: 12/KH-UBND"],
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Mường Khoang, ngày 05 tháng 01 năm 2027",
    ],
)
FEET = (
    ["Nơi nhận:", "- UBND tỉnh", "- Công an tỉnh", "- Đảng ủy, HĐND xã", "- Lưu: VT, CAX"],
    ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "", "Hà Văn Thủy"],
)


def beside(left, right, y, by_rows):
    """Two columns side by side, drawn row by row or one after the other."""
    runs = [(60, y + 16 * i, t) for i, t in enumerate(left) if t]
    runs += [(330, y + 16 * i, t) for i, t in enumerate(right) if t]
    return sorted(runs, key=lambda run: (run[1], run[0])) if by_rows else runs


@pytest.mark.parametrize("by_rows", [True, False], ids=["row by row", "column by column"])
def test_two_columns_of_a_page_are_told_apart(by_rows):
    lines = TWO_COLUMNS.splitlines()
    body = [(84, 140 + 16 * i, t) for i, t in enumerate(lines)]
    page = [*beside(*HEADS, 76, by_rows), *body, *beside(*FEET, 300, by_rows)]

    plan = read_document(pdf([page]), "hai-cot.pdf").plans[0]

    about = plan.metadata
    assert (about.issuer, about.number, about.place) == (
        "UBND xã Mường Khoang",
        "12/KH-UBND",
        "Mường Khoang",
    )
    assert (about.signer_name, about.signer_title) == ("Hà Văn Thủy", "PHÓ CHỦ TỊCH")
    assert plan.recipients == ("UBND tỉnh", "Công an tỉnh", "Đảng ủy, HĐND xã", "Lưu: VT, CAX")


# --- refusals -----------------------------------------------------------------------------------


def broken_docx():
    data = docx_of(PROVINCE)
    return data[: len(data) // 2]


def spreadsheet():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", TYPES.replace("wordprocessingml", "spreadsheetml"))
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def locked_word():
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le")
    )


def template(kind, mode="External"):
    return f'<Relationship Id="x" Type="{OFFICE}/{kind}" Target="http://vi-du.invalid/x" TargetMode="{mode}"/>'


REFUSED = {
    "nothing": (b"", EmptyDocument),
    "blanks": (b" \n\t \r\n", EmptyDocument),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, UnknownFormat),
    "bytes under the name of Word": (bytes(range(256)) * 8, Broken),
    "text under the name of Word": ("KẾ HOẠCH\nPhòng, chống ma túy".encode(), Broken),
    "a page of the web": (b"<html><body><p>404</p></body></html>", Broken),
    "a spreadsheet": (spreadsheet(), UnknownFormat),
    "an archive": (
        docx_of("x").replace(b"[Content_Types].xml", b"[Content_Typos].xml"),
        UnknownFormat,
    ),
    "half a docx": (broken_docx(), Broken),
    "no pdf": (b"%PDF-1.7\nkhong phai", Broken),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, OldWord),
    "locked word": (locked_word(), Encrypted),
    "macros": (docx(paragraph("x"), extra={"word/vbaProject.bin": b"\x00"}), HasMacros),
    "macros by type": (
        docx(paragraph("x"), types=TYPES.replace("document.main", "document.macroEnabled.main")),
        HasMacros,
    ),
    "a template elsewhere": (
        docx(paragraph("x"), relations=template("attachedTemplate")),
        ExternalParts,
    ),
    "a chart's figures elsewhere": (
        docx(
            paragraph("x"),
            extra={
                "word/charts/_rels/chart1.xml.rels": '<Relationships xmlns="http://schemas.'
                'openxmlformats.org/package/2006/relationships">'
                + template("oleObject")
                + "</Relationships>"
            },
        ),
        ExternalParts,
    ),
    "a picture elsewhere": (docx(paragraph("x"), relations=template("image")), ExternalParts),
    "twenty megabytes": (("Phòng, chống ma túy. " * 1_000_000).encode(), TooLarge),
}


@pytest.mark.parametrize(("data", "refusal"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_by_name(data, refusal):
    with pytest.raises(refusal) as caught:
        read_document(data, "tep.docx")

    assert type(caught.value) is refusal
    assert caught.value.sentence.startswith("tep.docx: ")
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [(b"--- *** ---", EmptyDocument), (bytes(range(256)) * 8, UnknownFormat)],
    ids=["signs", "bytes"],
)
def test_a_text_file_without_text_is_refused_by_name(data, refusal):
    with pytest.raises(refusal):
        read_document(data, "tep.txt")


@pytest.mark.parametrize("data", [bytes(range(256)) * 8, PROVINCE.encode()], ids=["bytes", "text"])
def test_what_is_no_pdf_under_the_name_of_one_is_damaged(data):
    with pytest.raises(Broken) as refusal:
        read_document(data, "Kế hoạch.PDF")

    assert "bị hỏng" in refusal.value.sentence
    assert "hãy" in refusal.value.sentence


def test_a_link_to_a_page_is_no_reason_to_refuse():
    data = docx(
        "".join(paragraph(line) for line in PROVINCE.split("\n")), relations=template("hyperlink")
    )

    assert len(read_document(data, "a.docx").plans) == 1


def test_entities_are_never_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    data = docx(paragraph("x"), numbering=bomb + numbering([("decimal", "%1.")]))

    with pytest.raises(Broken):
        read_document(data, "a.docx")


def test_a_bomb_is_refused_without_unpacking_it():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("word/document.xml", b"<w>" + b"0" * 110_000_000)
    tracemalloc.start()

    with pytest.raises(TooLarge):
        read_document(out.getvalue(), "bom.docx")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000


def test_a_declared_size_that_lies_does_not_help():
    honest = docx("<w:p/>" * 5_000_000)
    size = len("<w:p/>") * 5_000_000
    with zipfile.ZipFile(io.BytesIO(honest)) as package:
        declared = package.getinfo("word/document.xml").file_size
    lying = honest.replace(declared.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert declared > size

    with pytest.raises((TooLarge, Broken)):
        read_document(lying, "doi.docx")


@pytest.mark.parametrize(
    "mark",
    [
        *("MẬT", "TỐI MẬT", "TUYỆT MẬT", "(Mật)", "Độ mật: Tối mật", "M Ậ T", "T Ố I  M Ậ T"),
        *("MẬT - KHẨN", "HỎA TỐC - TỐI MẬT", "BÍ MẬT NHÀ NƯỚC: MẬT", "ＭẬT", "MËT", "TOÁI MAÄT"),
        *("M\u00e2\u0323T", "UBND TỈNH   MẬT   HỎA TỐC"),
    ],
)
def test_a_mark_of_secrecy_stops_the_reading(mark):
    text = PROVINCE.replace("Số: 215", f"{mark}\nSố: 215")

    with pytest.raises(Classified) as refusal:
        read(text)

    assert "MẬT" in refusal.value.sentence


def test_a_mark_of_secrecy_in_the_header_of_a_docx_counts():
    header = (
        '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        + paragraph("TỐI MẬT")
        + "</w:hdr>"
    )
    data = docx("".join(paragraph(line) for line in PROVINCE.split("\n")), header=header)

    with pytest.raises(Classified):
        read_document(data, "a.docx")


def test_a_mark_of_secrecy_behind_the_number_counts():
    with pytest.raises(Classified):
        read(PROVINCE.replace("/KH-UBND", "/KH-UBND (MẬT)", 1))


def test_a_mark_of_secrecy_printed_letter_by_letter_in_a_pdf_counts():
    (first, *rest) = pages_of(PROVINCE)
    stamp = (420, 50, "T  Ố  I     M  Ậ  T")

    with pytest.raises(Classified):
        read_document(pdf([[stamp, *first], *rest]), "dau.pdf")


@pytest.mark.parametrize(
    "words",
    [
        "giữ bí mật nhà nước theo quy định.",
        "quản lý tài liệu mật, tối mật đúng quy định.",
        "không đưa tài liệu có dấu độ mật (MẬT, TỐI MẬT, TUYỆT MẬT) lên mạng.",
        "TUYỆT ĐỐI BẢO MẬT.",
    ],
)
def test_the_word_secret_in_a_sentence_is_no_mark(words):
    assert len(read(PROVINCE.replace("tiết kiệm.", words)).plans) == 1


def test_a_place_called_so_is_no_mark():
    assert len(read(WARD.replace("PHƯỜNG ", "PHƯỜNG MẬT ", 1)).plans) == 1


def test_a_million_empty_paragraphs_are_refused_without_reading_them_all():
    data = docx("<w:p/>" * 550_000)

    def refused():
        with pytest.raises(TooLarge):
            read_document(data, "rong.docx")

    assert steps(refused) <= 1_000_000


def test_a_pdf_that_unpacks_to_too_much_is_refused_before_it_is_opened():
    packed = zlib.compress(b"0 0 m " * 20_000_000, 1)
    data = pdf(pages_of(PROVINCE)) + b"\n9 0 obj\n<<>>\nstream\n" + packed + b"\nendstream"

    with pytest.raises(TooLarge):
        read_document(data, "bom.pdf")
