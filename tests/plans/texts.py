"""Plans in the genre, invented: short ones by hand, long ones by number."""
# ruff: noqa: E501 - a paragraph of a plan is one line of its text

HEAD = """ỦY BAN NHÂN DÂN
TỈNH THỬ NGHIỆM
Số: {number}/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Thử Nghiệm, ngày 10 tháng 01 năm 2026
KẾ HOẠCH
Phòng, chống ma túy trên địa bàn tỉnh Thử Nghiệm năm 2026
Căn cứ Luật Phòng, chống ma túy số 120/2025/QH15;
Ủy ban nhân dân tỉnh ban hành Kế hoạch phòng, chống ma túy năm 2026 như sau:
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
- Giảm số người sử dụng trái phép chất ma túy tại các xã, phường.
"""
FOOT = """
Nơi nhận:
- Công an tỉnh;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""
SHORT = """II. CHỈ TIÊU
- Trên 90% hộ gia đình ký cam kết không tham gia tệ nạn ma túy.
- Tỷ lệ phát hiện tăng ít nhất 5% so với năm trước.
III. PHÂN CÔNG NHIỆM VỤ
1. Công an tỉnh
- Chủ trì theo dõi, đôn đốc, tổng hợp kết quả thực hiện Kế hoạch (thực hiện thường xuyên).
- Ban hành hướng dẫn trình tự xét công nhận xã, phường không ma túy (hoàn thành trước ngày 15/3/2026).
2. Sở Y tế
- Rà soát điều kiện xác định tình trạng nghiện của các trạm y tế, báo cáo UBND tỉnh trước ngày 20/12/2026; tập huấn cho cán bộ trạm y tế trước ngày 30/9/2026.
3. Đề nghị Tòa án nhân dân tỉnh
- Tổ chức xét xử lưu động các vụ án ma túy tại địa bàn phức tạp (hoàn thành trước ngày 30/6/2026).
4. Ủy ban nhân dân các xã, phường
- Ban hành kế hoạch của xã, phường và gửi Công an tỉnh trước ngày 05/02/2026.
- Xây dựng ít nhất 01 mô hình tại mỗi xã (đối với 01 xã biên giới hoàn thành trước ngày 15/6/2026; các xã, phường còn lại hoàn thành trước ngày 15/7/2026).
IV. KINH PHÍ THỰC HIỆN
- Kinh phí bảo đảm từ ngân sách địa phương và Chương trình mục tiêu quốc gia.
V. TỔ CHỨC THỰC HIỆN
1. Các sở, ban, ngành báo cáo kết quả về UBND tỉnh (qua Công an tỉnh) trước ngày 20/12/2026.
"""
WORK = (
    "Rà soát danh sách tại địa bàn số {n}, cập nhật kết quả",
    "Tập huấn cho cán bộ cụm số {n} về kỹ năng tuyên truyền",
    "Kiểm tra cơ sở kinh doanh có điều kiện tại khu vực {n}",
    "Tổ chức buổi truyền thông tại trường học số {n}",
)


def short_plan(body=SHORT, number="15"):
    """Return a plan of one page as bytes."""
    return (HEAD.format(number=number) + body + FOOT).encode()


def long_plan(duties):
    """Return a plan that gives `duties` duties to bodies of the province."""
    bodies = ("Công an tỉnh", "Sở Y tế", "Sở Nội vụ", "Sở Tài chính")
    lines = ["II. PHÂN CÔNG NHIỆM VỤ"]
    each = -(-duties // len(bodies))
    number = 0
    for place, body in enumerate(bodies, 1):
        lines.append(f"{place}. {body}")
        for _step in range(min(each, duties - number)):
            number += 1
            what = WORK[number % len(WORK)].format(n=number)
            when = (
                f"(hoàn thành trước ngày {1 + number % 28:02}/{1 + number % 12:02}/2026)"
                if number % 3
                else "(thực hiện thường xuyên)"
            )
            lines.append(f"- {what} {when}.")
    return short_plan("\n".join(lines) + "\n")
