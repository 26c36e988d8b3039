"""Why a document is not read: a stable code, and one sentence that says what to do."""

from __future__ import annotations

from typing import Any, ClassVar

from diaban.core.errors import DomainError


class Unreadable(DomainError):
    """
    A document that the reader refuses; the parent of all refusals here.

    The sentence names the file (fact `file`), what is wrong and what to do.
    """

    code: ClassVar[str] = "plans.unreadable"
    wrong: ClassVar[str] = "không đọc được tài liệu này; hãy kiểm tra lại tệp."

    def __init__(self, name: str, **facts: Any) -> None:
        super().__init__(f"{name}: {self.wrong.format(**facts)}", file=name, **facts)


class NotAPlan(Unreadable):
    """A decision, a letter, a report, a news page; facts `kind` says which."""

    code = "plans.not_a_plan"
    wrong = "đây là {kind}, không phải kế hoạch; hãy chọn tệp của kế hoạch."


class EmptyDocument(Unreadable):
    """Nothing is printed in the file."""

    code = "plans.empty"
    wrong = "tệp không có chữ nào; hãy chọn lại tệp của kế hoạch."


class NoTextLayer(Unreadable):
    """A PDF of pictures: a scan without text."""

    code = "plans.scan"
    wrong = (
        "tệp PDF chỉ có ảnh quét, không có lớp chữ; hãy nhận dạng chữ (OCR) "
        "hoặc dùng bản Word rồi đọc lại."
    )


class Encrypted(Unreadable):
    """The file asks for a password."""

    code = "plans.encrypted"
    wrong = "tệp có mật khẩu; hãy bỏ mật khẩu rồi đọc lại."


class Broken(Unreadable):
    """The file is damaged or cut short."""

    code = "plans.broken"
    wrong = (
        "tệp bị hỏng hoặc chưa tải đủ; hãy lấy lại tệp gốc hoặc lưu lại thành .docx rồi đọc lại."
    )


class UnknownFormat(Unreadable):
    """A picture, a spreadsheet, a program: none of the formats that are read."""

    code = "plans.unknown_format"
    wrong = "không phải định dạng đọc được; hãy dùng .docx, .pdf có lớp chữ, .txt hoặc .md."


class OldWord(Unreadable):
    """A .doc of Word 97-2003."""

    code = "plans.old_word"
    wrong = (
        "đây là tệp .doc cũ của Word; hãy mở bằng Word hoặc LibreOffice, "
        "lưu thành .docx rồi đọc lại."
    )


class TooLarge(Unreadable):
    """The file, or what it unpacks to, is larger than any plan."""

    code = "plans.too_large"
    wrong = "tệp quá lớn (giới hạn {limit}); hãy tách riêng phần kế hoạch rồi đọc lại."


class TooManyPages(Unreadable):
    """A PDF with more pages than any plan."""

    code = "plans.too_many_pages"
    wrong = "tệp PDF có {pages} trang (giới hạn {limit}); hãy tách riêng phần kế hoạch rồi đọc lại."


class HasMacros(Unreadable):
    """A Word file with a program inside."""

    code = "plans.macros"
    wrong = "tệp Word có chứa macro; hãy lưu lại thành .docx không có macro rồi đọc lại."


class ExternalParts(Unreadable):
    """A Word file that wants to load something from elsewhere."""

    code = "plans.external_parts"
    wrong = (
        "tệp Word có phần liên kết ra ngoài tệp; hãy bỏ liên kết (hoặc dán vào tệp) rồi đọc lại."
    )


class Classified(Unreadable):
    """A secrecy mark on the first page."""

    code = "plans.classified"
    wrong = (
        "tài liệu đóng dấu độ mật ({mark}), không được đưa vào hệ thống; "
        "hãy xử lý theo quy định về bảo vệ bí mật nhà nước."
    )


class Missing(Unreadable):
    """There is no such file, or it may not be read."""

    code = "plans.no_file"
    wrong = "không mở được tệp; hãy kiểm tra đường dẫn và quyền đọc."
