# ruff: noqa: E501 - the sentences of plans are long
"""Plans that nobody signed: a province, a commune of 2026, a ward with its tasks in a table."""

PROVINCE = """\
ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH SÔNG LAM            Độc lập - Tự do - Hạnh phúc
Số: 215/KH-UBND          Sông Lam, ngày 12 tháng 01 năm 2026

KẾ HOẠCH
Phòng, chống ma túy trên địa bàn tỉnh Sông Lam năm 2026

Căn cứ Luật Phòng, chống ma túy ngày 10 tháng 12 năm 2025;

Thực hiện Kế hoạch số 12/KH-BCA-C04 ngày 05/01/2026 của Bộ Công an về phòng, chống ma túy năm 2026, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU

1. Mục đích

a) Nâng cao hiệu lực quản lý nhà nước về phòng, chống ma túy.

b) Kiềm chế, làm giảm người nghiện mới.

2. Yêu cầu

Các sở, ngành, địa phương triển khai nghiêm túc, tiết kiệm.

II. CHỈ TIÊU

1. Phấn đấu ít nhất 35% số xã, phường không có ma túy đến hết năm 2026.

2. Số vụ phạm tội về ma túy được phát hiện tăng 5% so với cùng kỳ năm trước; tỷ lệ điều tra, khám phá án đạt trên 95%.

3. Mỗi xã, phường xây dựng ít nhất 01 mô hình phòng, chống ma túy hoạt động hiệu quả.

III. THỜI GIAN THỰC HIỆN

1. Giai đoạn 1: Từ ngày 15/01/2026 đến ngày 30/6/2026, rà soát toàn bộ địa bàn.

2. Giai đoạn 2: Từ ngày 01/7/2026 đến hết năm 2026, nhân rộng kết quả.

IV. PHÂN CÔNG NHIỆM VỤ

1. Công an tỉnh

- Chủ trì, phối hợp với các sở, ngành rà soát người nghiện, hoàn thành trước ngày 31/3/2026 và thường xuyên cập nhật (thực hiện thường xuyên).

- Chậm nhất ngày 15/4/2026, tham mưu ban hành quy trình xét công nhận xã, phường không có ma túy.

- Thường xuyên đôn đốc các địa phương.

2. Sở Y tế: Chủ trì mở 05 lớp tập huấn xác định tình trạng nghiện, xong trong quý II năm 2026; phối hợp với Công an tỉnh quản lý điều trị thay thế.

3. Sở Giáo dục và Đào tạo, Sở Văn hóa, Thể thao và Du lịch

- Đưa nội dung phòng, chống ma túy vào sinh hoạt ngoại khóa từ tháng 3/2026 đến tháng 5/2026.

- Tổ chức hội thi tìm hiểu pháp luật trong tháng 6/2026 (đã tổ chức vòng loại trong tháng 02/2026).

4. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội

- Vận động hội viên ký cam kết, hoàn thành trước ngày 30/4/2026.

5. UBND các xã, phường

Chỉ đạo các lực lượng của địa phương thực hiện các việc sau:

- Ban hành kế hoạch của địa phương, gửi về UBND tỉnh (qua Công an tỉnh) trước ngày 10/02/2026.

- Rà soát điểm phức tạp về ma túy (đối với 12 xã biên giới hoàn thành trước ngày 28/02/2026; các xã, phường còn lại hoàn thành trước ngày 31/3/2026).

V. CHẾ ĐỘ BÁO CÁO

1. Các sở, ngành, UBND các xã, phường định kỳ hằng tháng (trước ngày 15), 6 tháng (trước ngày 15/6) và năm (trước ngày 15/12) báo cáo kết quả về UBND tỉnh (qua Công an tỉnh).

2. Giao Công an tỉnh theo dõi, tổng hợp, báo cáo UBND tỉnh theo quy định./.

Nơi nhận:                              TM. ỦY BAN NHÂN DÂN
- Bộ Công an (để b/c);                 KT. CHỦ TỊCH
- TT Tỉnh ủy, HĐND tỉnh;               PHÓ CHỦ TỊCH
- UBND các xã, phường;
- Lưu: VT, NC.
                                       Trần Thị Hòa Bình
"""

COMMUNE = """\
UBND XÃ BÌNH PHÚ
BAN CHỈ ĐẠO 138
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Số:     /KH-BCĐ
Bình Phú, ngày     tháng 5 năm 2026

KẾ HOẠCH
Triển khai Tháng hành động phòng, chống ma túy năm 2026
trên địa bàn xã Bình Phú

Thực hiện Công văn số 1234/UBND-NC ngày 04/5/2026 của UBND tỉnh Sông Lam về việc triển khai Tháng hành động phòng, chống ma túy, Ban Chỉ đạo 138 xã Bình Phú xây dựng Kế hoạch triển khai thực hiện như sau:

I. MỤC ĐÍCH, YÊU CẦU
- Nâng cao nhận thức của Nhân dân.
- Các hoạt động bảo đảm thiết thực.

II. NỘI DUNG
1. Lễ phát động
- Thời gian: Ngày 01/6/2026.
- Địa điểm: Nhà văn hóa xã, số 79 đường Nguyễn Du.
- Chủ trì: Công an xã.
- Phối hợp: Phòng Văn hóa - Xã hội, Đoàn Thanh niên xã.
- Sản phẩm: Báo cáo kết quả lễ phát động.
2. Ký cam kết không liên quan đến ma túy
- Nội dung: Tổ chức cho 100% hộ gia đình ký cam kết.
- Thời gian: Từ ngày 05/6/2026 đến ngày 25/6/2026.
- Đơn vị chủ trì: Các thôn.
- Đơn vị phối hợp: Công an xã; Ủy ban MTTQ Việt Nam xã.
3. Rà soát người nghiện, người sử dụng trái phép chất ma túy
- Thời gian: Thường xuyên.
- Chủ trì: Công an xã.

III. TỔ CHỨC THỰC HIỆN
1. Giao Công an xã là cơ quan thường trực, theo dõi, đôn đốc, tổng hợp kết quả báo cáo UBND xã trước ngày 05/7/2026.
2. Phòng Văn hóa - Xã hội phối hợp tuyên truyền trên hệ thống loa truyền thanh.
3. Trạm Y tế xã bố trí cán bộ xét nghiệm, xong trước ngày 20/6.

Nơi nhận:
- Công an tỉnh;
- TT Đảng ủy, HĐND xã;
- Các thành viên BCĐ 138 xã;
- Lưu: VT, CAX.
TM. BAN CHỈ ĐẠO
TRƯỞNG BAN
Lê Văn An

PHỤ LỤC
Phân công nhiệm vụ
(Kèm theo Kế hoạch số    /KH-BCĐ ngày    /5/2026 của Ban Chỉ đạo 138 xã)
"""

ANNEX_ROWS = [
    ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành"],
    [
        "1",
        "Xây dựng kịch bản lễ phát động, trang trí khánh tiết, mời đại biểu tham dự",
        "Phòng Văn hóa - Xã hội",
        "Công an xã",
        "Trước ngày 28/5/2026",
    ],
    [
        "2",
        "Treo băng rôn, khẩu hiệu tuyên truyền trên các trục đường chính",
        "Trung tâm Cung ứng dịch vụ công",
        "Các thôn",
        "Tháng 6/2026",
    ],
    [
        "3",
        "Tuần tra, kiểm soát ban đêm",
        "Công an xã",
        "Ban Chỉ huy Quân sự xã, các thôn",
        "Thường xuyên",
    ],
    ["4", "Tổng hợp, báo cáo kết quả", "Công an xã", "Các ngành, đoàn thể", "30/6/2026"],
]

WARD = """\
**ỦY BAN NHÂN DÂN PHƯỜNG TÂN MAI**

**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**
**Độc lập - Tự do - Hạnh phúc**

Số: 45/KH-UBND *Tân Mai, ngày 03 tháng 3 năm 2026*

# KẾ HOẠCH

## Xây dựng phường không ma túy giai đoạn 2026 - 2030

Thực hiện Nghị quyết số 05-NQ/ĐU ngày 20/01/2026 của Đảng ủy phường Tân Mai; UBND phường Tân Mai ban hành Kế hoạch với các nội dung sau:

## A. MỤC TIÊU

### I. Mục tiêu chung

Xây dựng phường an toàn, không ma túy.

### II. Mục tiêu cụ thể

1. Đến hết năm 2026: 6/12 tổ dân phố không có ma túy.
2. Đến hết năm 2028: 10/12 tổ dân phố không có ma túy.
3. Đến năm 2030: 100% tổ dân phố không có ma túy.

## B. TIÊU CHÍ CÔNG NHẬN "TỔ DÂN PHỐ KHÔNG MA TÚY"

Tổ dân phố được công nhận khi đạt các tiêu chí sau:

- Không có người nghiện, người sử dụng trái phép chất ma túy tại thời điểm xét.
- 100% hộ gia đình ký cam kết; 100% cơ sở kinh doanh có điều kiện ký cam kết.
- Có ít nhất 01 mô hình tự quản hoạt động hiệu quả.
- Chi bộ có nghị quyết chuyên đề về phòng, chống ma túy.

## C. PHÂN CÔNG NHIỆM VỤ

| STT | Nội dung công việc | Đơn vị chủ trì | Đơn vị phối hợp | Thời gian thực hiện | Sản phẩm |
|---|---|---|---|---|---|
| I | Công tác tuyên truyền | | | | |
| 1 | Xây dựng chuyên mục tuyên truyền trên trang thông tin điện tử | Phòng Văn hóa - Xã hội | Công an phường | Quý II/2026 | Chuyên mục |
| 2 | Tổ chức diễn đàn "Công an lắng nghe ý kiến Nhân dân" | Công an phường | Các tổ dân phố | Hằng quý | Biên bản |
| II | Công tác cai nghiện | | | | |
| 3 | Lập hồ sơ quản lý người sử dụng trái phép chất ma túy | Công an phường | Trạm Y tế phường | Thường xuyên | Hồ sơ |
| 4 | Vận động cai nghiện tự nguyện | Hội Liên hiệp Phụ nữ phường, Đoàn Thanh niên phường | Trạm Y tế | Từ tháng 4/2026 đến tháng 10/2026 | |

## D. LỘ TRÌNH

- Giai đoạn 1 (2026 - 2027): xây dựng điểm tại tổ dân phố số 3, số 5 và số 7.
- Giai đoạn 2: từ năm 2028 đến năm 2030, nhân rộng toàn phường.

## Đ. CHẾ ĐỘ BÁO CÁO

Các đơn vị báo cáo kết quả về Công an phường trước ngày 20 hằng tháng; báo cáo sơ kết trước ngày 15/12/2027, tổng kết trước ngày 30/11/2030.

*Nơi nhận:*
- UBND thành phố;
- Các tổ dân phố;
- Lưu: VT.

**CHỦ TỊCH**

**Ngô Minh Đức**
"""


def annex_flat():
    """The commune's plan with its annex printed one cell a line."""
    return COMMUNE + "\n".join(cell for row in ANNEX_ROWS for cell in row) + "\n"


def annex_rows():
    """The same with the annex as rows between bars."""
    rows = ["| " + " | ".join(row) + " |" for row in ANNEX_ROWS]
    return COMMUNE + "\n".join([rows[0], "|---" * 5 + "|", *rows[1:]]) + "\n"


HAMLETS = """\
ỦY BAN NHÂN DÂN
XÃ ĐÔNG THẠNH
Số: 31/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập – Tự do – Hạnh phúc
Đông Thạnh, ngày 02 tháng 02 năm 2026

KẾ HOẠCH
Công tác phòng, chống ma túy năm 2026

Thực hiện Kế hoạch số 15/KH-UBND ngày 20/01/2026 của Ủy ban nhân dân tỉnh An Bình về phòng, chống ma túy năm 2026. Ủy ban nhân dân xã Đông Thạnh xây dựng kế hoạch như sau:

PHẦN I
MỤC ĐÍCH, YÊU CẦU

1/ Mục đích:
Nâng cao nhận thức của người dân.
2/ Yêu cầu:
Tổ chức thực hiện nghiêm túc.

PHẦN II
NỘI DUNG THỰC HIỆN

1/ Tuyên truyền lưu động tại các ấp (Chủ trì: Phòng Văn hóa - Xã hội; phối hợp: Công an xã; thời gian: tháng 3/2026).
2/ Tổ chức ký cam kết giữa nhà trường và phụ huynh. Thời gian hoàn thành: trước ngày 30/9/2026. Đơn vị thực hiện: Các trường học trên địa bàn xã.
3/ Kiểm tra lái xe, lái tàu
- Nội dung: Kiểm tra 100% lái xe của các bến thủy.
- Chủ trì thực hiện: Công an xã.
- Thời gian thực hiện: 02 đợt, đợt 1 trong tháng 4/2026, đợt 2 trong tháng 10/2026.
- Kinh phí: Ngân sách xã.

PHẦN III
TỔ CHỨC THỰC HIỆN

* Công an xã:
- Chủ trì tham mưu UBND xã thực hiện Kế hoạch.
- Hoàn thành việc lập hồ sơ người nghiện chậm nhất là ngày 31/5/2026.
* Trạm Y tế xã:
- Xét nghiệm, xác định tình trạng nghiện khi có đề nghị của Công an xã.
* Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam xã và các tổ chức chính trị - xã hội:
- Vận động hội viên tham gia; ký cam kết xong trong quý I/2026.
* Ban nhân dân các ấp:
- Rà soát hộ có nguy cơ, báo cáo UBND xã (qua Công an xã) vào ngày 25 hằng tháng.
- Cuối năm 2026, bình xét gia đình không ma túy.

Trên đây là Kế hoạch công tác phòng, chống ma túy năm 2026 của xã./.

Nơi nhận:
- Công an tỉnh;
- Các ấp;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
(Đã ký)
Đặng Văn Bảy

PHỤ LỤC 1: PHÂN CÔNG NHIỆM VỤ
TT Nội dung Chủ trì Phối hợp Thời hạn
1 Khảo sát điểm phức tạp về ma túy Công an xã Các ấp Trước 15/3/2026
2 Lắp đặt camera tại các tuyến đường Phòng Kinh tế Công an xã, các ấp Quý III/2026
3 Tư vấn, hỗ trợ người sau cai nghiện tái hòa nhập cộng đồng Phòng Văn hóa - Xã hội Hội Liên hiệp Phụ nữ xã, Đoàn Thanh niên xã Thường xuyên
"""
