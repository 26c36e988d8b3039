# ruff: noqa: E501 - the sentences of plans are long
"""Whole plans of the genre, item by item."""

from diaban.plans.reader.values import PartialDate, Period
from tests.plans.reader.invented import (
    ANNEX_ROWS,
    COMMUNE,
    HAMLETS,
    PROVINCE,
    WARD,
    annex_flat,
)
from tests.plans.reader.readings import dues, plan_of


def test_a_province_plan_names_its_issuer_its_number_and_its_signer():
    about = plan_of(PROVINCE).metadata

    assert about.title == "Phòng, chống ma túy trên địa bàn tỉnh Sông Lam năm 2026"
    assert (about.issuer, about.issuer_level, about.area) == (
        "UBND tỉnh Sông Lam",
        "province",
        "tỉnh Sông Lam",
    )
    assert (about.place, about.number, about.date) == (
        "Sông Lam",
        "215/KH-UBND",
        PartialDate(2026, 1, 12),
    )
    assert (about.signer_name, about.signer_title) == ("Trần Thị Hòa Bình", "PHÓ CHỦ TỊCH")
    assert about.signed_for == "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH"
    assert (about.is_draft, about.period) == (False, Period("2026-01-15", "2026-12-31"))


def test_a_province_plan_says_who_does_what_by_when():
    plan = plan_of(PROVINCE)

    assert dues(plan) == [
        ("Công an tỉnh", "Chủ trì, phối hợp với các sở, ", [("2026-03-31", "before", None)]),
        ("Công an tỉnh", "Chậm nhất ngày 15/4/2026, tham", [("2026-04-15", "by", None)]),
        ("Công an tỉnh", "Thường xuyên đôn đốc các địa p", []),
        ("Sở Y tế", "Chủ trì mở 05 lớp tập huấn xác", [("2026-06-30", "by", None)]),
        (
            "Sở Giáo dục và Đào tạo, Sở Văn hóa, Thể thao và Du lịch",
            "Đưa nội dung phòng, chống ma t",
            [("2026-03", "from", None), ("2026-05", "until", None)],
        ),
        (
            "Sở Giáo dục và Đào tạo, Sở Văn hóa, Thể thao và Du lịch",
            "Tổ chức hội thi tìm hiểu pháp ",
            [("2026-06", "on", None)],
        ),
        (
            "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội",
            "Vận động hội viên ký cam kết, ",
            [("2026-04-30", "before", None)],
        ),
        ("UBND các xã, phường", "Chỉ đạo các lực lượng của địa ", []),
        ("UBND các xã, phường", "Ban hành kế hoạch của địa phươ", [("2026-02-10", "before", None)]),
        (
            "UBND các xã, phường",
            "Rà soát điểm phức tạp về ma tú",
            [
                ("2026-02-28", "before", "12 xã biên giới"),
                ("2026-03-31", "before", "các xã, phường còn lại"),
            ],
        ),
    ]


def test_a_task_may_be_dated_and_standing_at_once():
    first, second, third = plan_of(PROVINCE).assignments[0].tasks

    assert (first.role, first.continuous, len(first.deadlines)) == ("lead", True, 1)
    assert (second.role, second.continuous) == (None, False)
    assert (third.continuous, third.deadlines) == (True, ())


def test_who_is_asked_is_told_from_who_is_ordered():
    plan = plan_of(PROVINCE)

    assert [a.requested for a in plan.assignments] == [False, False, False, True, False]
    assert plan.assignments[2].units == (
        "Sở Giáo dục và Đào tạo",
        "Sở Văn hóa, Thể thao và Du lịch",
    )


def test_bullets_below_an_introduction_name_it_as_their_parent():
    tasks = plan_of(PROVINCE).assignments[4].tasks

    assert [(t.parent, t.parent_index) for t in tasks] == [(True, None), (False, 0), (False, 0)]


def test_sections_are_titles_and_numbered_sentences_are_not():
    labels = [(s.label, s.title) for s in plan_of(PROVINCE).sections]

    assert ("II", "CHỈ TIÊU") in labels
    assert ("IV.2", "Sở Y tế") in labels
    assert ("III.1", "Giai đoạn 1") in labels
    assert not [label for label, _ in labels if label.startswith(("II.", "V."))]


def test_targets_have_bound_value_unit_and_baseline():
    targets = [
        (t.section, t.comparator, t.value, t.unit, t.baseline, t.due)
        for t in plan_of(PROVINCE).targets
    ]

    assert targets == [
        ("II.1", ">=", "35", "%", "absolute", "2026-12-31"),
        ("II.2", "==", "5", "%", "vs_previous_year", None),
        ("II.2", ">", "95", "%", "absolute", None),
        ("II.3", ">=", "1", "mô hình", "absolute", None),
        ("IV.2", "==", "5", "lớp tập huấn", "absolute", "2026-06-30"),
    ]


def test_reports_have_rhythm_day_reader_and_channel():
    reports = [(r.recurrence, r.due, r.to, r.via) for r in plan_of(PROVINCE).reports]

    assert reports == [
        ("once", "2026-02-10", "UBND tỉnh", "Công an tỉnh"),
        ("monthly", None, "UBND tỉnh", "Công an tỉnh"),
        ("half_yearly", "06-15", "UBND tỉnh", "Công an tỉnh"),
        ("yearly", "12-15", "UBND tỉnh", "Công an tỉnh"),
        (None, None, "UBND tỉnh", None),
    ]


def test_phases_bases_and_recipients_of_a_province_plan():
    plan = plan_of(PROVINCE)

    assert [(p.name, p.start, p.end) for p in plan.phases] == [
        ("Giai đoạn 1", "2026-01-15", "2026-06-30"),
        ("Giai đoạn 2", "2026-07-01", "2026-12-31"),
    ]
    assert [(b.number, b.date, b.issuer, b.where) for b in plan.bases] == [
        ("12/KH-BCA-C04", "2026-01-05", "Bộ Công an", "preamble")
    ]
    assert plan.recipients == (
        "Bộ Công an (để b/c)",
        "TT Tỉnh ủy, HĐND tỉnh",
        "UBND các xã, phường",
        "Lưu: VT, NC",
    )


def test_labelled_lines_belong_to_their_work_item():
    plan = plan_of(COMMUNE)
    labelled = [a for a in plan.assignments if a.section and a.section.startswith("II.")]

    assert [(a.unit, a.units) for a in labelled] == [
        ("Công an xã", ("Công an xã",)),
        ("Các thôn", ("Các thôn",)),
    ]
    launch, survey = labelled[0].tasks
    assert (launch.quote, launch.role, launch.product) == (
        "Lễ phát động",
        "lead",
        "Báo cáo kết quả lễ phát động",
    )
    assert launch.support == ("Phòng Văn hóa - Xã hội", "Đoàn Thanh niên xã")
    assert [(d.date, d.bound) for d in launch.deadlines] == [("2026-06-01", "on")]
    assert (survey.continuous, survey.deadlines) == (True, ())
    (pledge,) = labelled[1].tasks
    assert [(d.date, d.bound) for d in pledge.deadlines] == [
        ("2026-06-05", "from"),
        ("2026-06-25", "until"),
    ]
    assert pledge.support == ("Công an xã", "Ủy ban MTTQ Việt Nam xã")


def test_a_plan_without_an_assignment_section_gives_its_units_in_the_organisation():
    plan = plan_of(COMMUNE)

    assert dues(plan)[:3] == [
        ("Công an xã", "là cơ quan thường trực, theo d", [("2026-07-05", "before", None)]),
        ("Phòng Văn hóa - Xã hội", "phối hợp tuyên truyền trên hệ ", []),
        ("Trạm Y tế xã", "bố trí cán bộ xét nghiệm, xong", [("2026-06-20", "before", None)]),
    ]


def test_an_annex_after_the_signature_gives_tasks_too():
    tasks = [
        (a.unit, t.quote, t.support, t.continuous)
        for a in plan_of(annex_flat()).assignments[-3:]
        for t in a.tasks
    ]

    assert tasks[0] == (
        "Phòng Văn hóa - Xã hội",
        "Xây dựng kịch bản lễ phát động, trang trí khánh tiết, mời đại biểu tham dự",
        ("Công an xã",),
        False,
    )
    assert tasks[2] == (
        "Công an xã",
        "Tuần tra, kiểm soát ban đêm",
        ("Ban Chỉ huy Quân sự xã", "các thôn"),
        True,
    )
    assert len(tasks) == 4


def test_a_committee_below_a_peoples_committee_is_the_issuer():
    about = plan_of(COMMUNE).metadata

    assert (about.issuer, about.issuer_level, about.area) == (
        "Ban Chỉ đạo 138 xã Bình Phú",
        "commune",
        "xã Bình Phú",
    )
    assert (about.number, about.date) == (None, PartialDate(2026, 5, None))


def test_a_table_gives_leads_support_times_and_products():
    plan = plan_of(WARD)

    assert [(a.unit, a.section) for a in plan.assignments] == [
        ("Phòng Văn hóa - Xã hội", "C"),
        ("Công an phường", "C"),
        ("Hội Liên hiệp Phụ nữ phường, Đoàn Thanh niên phường", "C"),
    ]
    quarterly, standing = plan.assignments[1].tasks
    assert (quarterly.recurrence, quarterly.deadlines, quarterly.product) == (
        "quarterly",
        (),
        "Biên bản",
    )
    assert (standing.continuous, standing.support) == (True, ("Trạm Y tế phường",))
    assert plan.assignments[2].units == ("Hội Liên hiệp Phụ nữ phường", "Đoàn Thanh niên phường")


def test_criteria_are_cut_into_single_conditions():
    criteria = [
        (c.set, c.ordinal, c.part, c.kind, c.comparator, c.value, c.unit)
        for c in plan_of(WARD).criteria
    ]
    name = "Tổ dân phố không ma túy"

    assert criteria == [
        (name, 1, 1, "absence", "==", "0", None),
        (name, 2, 1, "percent", "==", "100", "%"),
        (name, 2, 2, "percent", "==", "100", "%"),
        (name, 3, 1, "count", ">=", "1", "mô hình"),
        (name, 4, 1, "boolean", None, None, None),
    ]


def test_places_are_named_or_counted():
    areas = [(a.name, a.kind) for a in plan_of(WARD).named_areas]

    assert areas == [
        ("6 tổ dân phố", "nhóm tổ dân phố"),
        ("10 tổ dân phố", "nhóm tổ dân phố"),
        ("số 3", "tổ dân phố"),
        ("số 5", "tổ dân phố"),
        ("số 7", "tổ dân phố"),
    ]


def test_phases_may_be_years_in_brackets():
    plan = plan_of(WARD)

    assert [(p.start, p.end) for p in plan.phases] == [("2026", "2027"), ("2028", "2030")]
    assert plan.metadata.period == Period("2026", "2030")


def with_body(*paragraphs):
    """A short plan around some paragraphs."""
    return (
        "KẾ HOẠCH\nPhòng, chống ma túy năm 2026\n\nThực hiện Kế hoạch số 1/KH-UBND ngày 05/01/2026 của UBND tỉnh; "
        "UBND xã Bình Phú ban hành Kế hoạch như sau:\n\n"
        + "\n\n".join(paragraphs)
        + "\n\nNơi nhận:\n- Lưu: VT.\n"
    )


def test_named_days_share_one_date():
    plan = plan_of(
        with_body(
            "I. NỘI DUNG",
            "- Hưởng ứng Tháng hành động phòng, chống ma túy (tháng 6), Ngày quốc tế phòng, chống ma túy và Ngày toàn dân phòng, chống ma túy (26/6).",
            "- Hưởng ứng “Ngày hội toàn dân bảo vệ an ninh Tổ quốc” (19/8).",
        )
    )

    assert [(e.name, e.date) for e in plan.events] == [
        ("Tháng hành động phòng, chống ma túy", "2026-06"),
        ("Ngày quốc tế phòng, chống ma túy", "06-26"),
        ("Ngày toàn dân phòng, chống ma túy", "06-26"),
        ("Ngày hội toàn dân bảo vệ an ninh Tổ quốc", "08-19"),
    ]


def test_what_returns_has_a_frequency_and_a_scope():
    plan = plan_of(
        with_body(
            "I. NỘI DUNG",
            "- 100% các thôn được tuyên truyền ít nhất 01 lần/tháng.",
            "- Mỗi quý tổ chức ít nhất 02 buổi sinh hoạt chuyên đề.",
            "- Hằng năm rà soát, phân loại địa bàn.",
            "- Lập dự toán trong kinh phí giao hằng năm.",
        )
    )

    assert [(a.frequency, a.scope) for a in plan.recurring_activities] == [
        ("1/month", "100% các thôn"),
        ("2/quarter", None),
        ("1/year", None),
    ]


def test_a_theme_is_what_stands_in_quotes():
    plan = plan_of(
        with_body("I. NỘI DUNG", "1. Mục đích", "- Nâng cao nhận thức.").replace(
            "như sau:", "với chủ đề “Chung tay vì cộng đồng”, như sau:"
        )
    )

    assert plan.metadata.theme == "Chung tay vì cộng đồng"


def test_a_scope_number_is_no_target():
    plan = plan_of(
        with_body(
            "I. NỘI DUNG",
            "- Rà soát đối với 26 xã biên giới.",
            "- Nhất là đối với địa bàn 14 xã, 01 phường điểm.",
            "- Triển khai theo 5 lĩnh vực, 03 tiêu chí; cao hơn mức Bộ đề ra 20%.",
            "- Thực hiện Điều 17, khoản 2.",
            "- Hiện có 45% thôn có hòm thư.",
        )
    )

    assert plan.targets == ()


def test_a_compound_figure_gives_each_target():
    plan = plan_of(
        with_body(
            "I. NỘI DUNG",
            "- Lựa chọn, xây dựng 08 thôn không ma túy (50%).",
            "- Tập trung xây dựng 26/26 xã biên giới không ma túy trước ngày 14/6/2026.",
            "- Giảm từ 10% trở lên số người sử dụng so với năm 2025, tỷ lệ tái nghiện không quá 2,5%.",
            "- Nâng quy mô cơ sở cai nghiện lên 1.200 học viên.",
        )
    )

    assert [(t.comparator, t.value, t.unit, t.baseline, t.due) for t in plan.targets] == [
        ("==", "8", "thôn", "absolute", None),
        ("==", "50", "%", "absolute", None),
        ("==", "26", "xã", "absolute", "2026-06-14"),
        (">=", "10", "%", "vs_previous_year", None),
        ("<=", "2.5", "%", "absolute", None),
        ("==", "1200", "học viên", "absolute", None),
    ]


def test_starred_bullets_name_units_and_one_that_is_in_no_list_keeps_their_company():
    plan = plan_of(HAMLETS)

    assert dues(plan)[:6] == [
        ("Công an xã", "Chủ trì tham mưu UBND xã thực ", []),
        ("Công an xã", "Hoàn thành việc lập hồ sơ ngườ", [("2026-05-31", "by", None)]),
        ("Trạm Y tế xã", "Xét nghiệm, xác định tình trạn", []),
        (
            "Ủy ban Mặt trận Tổ quốc Việt Nam xã và các tổ chức chính trị - xã hội",
            "Vận động hội viên tham gia; ký",
            [("2026-03-31", "by", None)],
        ),
        ("Ban nhân dân các ấp", "Rà soát hộ có nguy cơ, báo cáo", []),
        ("Ban nhân dân các ấp", "Cuối năm 2026, bình xét gia đì", [("2026-12-31", "by", None)]),
    ]


def test_labels_within_a_sentence_count_too():
    plan = plan_of(HAMLETS)
    items = {
        t.quote: (a.unit, t.support, [d.date for d in t.deadlines])
        for a in plan.assignments[4:7]
        for t in a.tasks
    }

    assert items == {
        "Tuyên truyền lưu động tại các ấp": (
            "Phòng Văn hóa - Xã hội",
            ("Công an xã",),
            ["2026-03"],
        ),
        "Tổ chức ký cam kết giữa nhà trường và phụ huynh.": (
            "Các trường học trên địa bàn xã",
            (),
            ["2026-09-30"],
        ),
        "Kiểm tra lái xe, lái tàu": ("Công an xã", (), ["2026-04", "2026-10"]),
    }


def test_a_table_with_one_line_a_row_is_parted_from_its_end():
    plan = plan_of(HAMLETS)
    rows = [
        (a.unit, t.quote, t.support, [d.date for d in t.deadlines], t.continuous)
        for a in plan.assignments[7:]
        for t in a.tasks
    ]

    assert rows == [
        ("Công an xã", "Khảo sát điểm phức tạp về ma túy", ("Các ấp",), ["2026-03-15"], False),
        (
            "Phòng Kinh tế",
            "Lắp đặt camera tại các tuyến đường",
            ("Công an xã", "các ấp"),
            ["2026-09-30"],
            False,
        ),
        (
            "Phòng Văn hóa - Xã hội",
            "Tư vấn, hỗ trợ người sau cai nghiện tái hòa nhập cộng đồng",
            ("Hội Liên hiệp Phụ nữ xã", "Đoàn Thanh niên xã"),
            [],
            True,
        ),
    ]


def test_parts_may_stand_on_a_line_of_their_own():
    main = [(s.label, s.title) for s in plan_of(HAMLETS).sections if s.level == 1]

    assert main == [
        ("I", "MỤC ĐÍCH, YÊU CẦU"),
        ("II", "NỘI DUNG THỰC HIỆN"),
        ("III", "TỔ CHỨC THỰC HIỆN"),
    ]


def test_a_table_with_tabs_between_its_cells_keeps_empty_cells():
    rows = "\n".join(
        "\t".join(row)
        for row in [*ANNEX_ROWS[:2], ["2", "Sơ kết", "Công an xã", "", "Quý II/2026"]]
    )
    plan = plan_of(with_body("I. PHÂN CÔNG NHIỆM VỤ", rows))

    assert [
        (a.unit, t.support, [d.date for d in t.deadlines])
        for a in plan.assignments
        for t in a.tasks
    ] == [
        ("Phòng Văn hóa - Xã hội", ("Công an xã",), ["2026-05-28"]),
        ("Công an xã", (), ["2026-06-30"]),
    ]


def test_numbers_may_end_with_a_dash():
    plan = plan_of(
        with_body(
            "I- THỜI GIAN:",
            "1- Thời gian: Từ 20/4/2026 đến hết ngày 20/6/2026, chia làm 02 đợt.",
            "II- PHÂN CÔNG THỰC HIỆN:",
            "1- Công an phường:",
            "+ Chủ trì xây dựng kế hoạch chi tiết, xong trước 28/4/2026.",
            "2- Ban Chỉ huy Quân sự phường: Bố trí 10 dân quân tham gia tuần tra (thường xuyên).",
            "3- Kinh phí: từ ngân sách phường.",
            "Yêu cầu các đơn vị nghiêm túc thực hiện./.",
        )
    )

    assert [(s.label, s.title) for s in plan.sections if s.label.startswith("II")] == [
        ("II", "PHÂN CÔNG THỰC HIỆN"),
        ("II.1", "Công an phường"),
        ("II.2", "Ban Chỉ huy Quân sự phường"),
        ("II.3", "Kinh phí"),
    ]
    assert dues(plan) == [
        ("Công an phường", "Chủ trì xây dựng kế hoạch chi ", [("2026-04-28", "before", None)]),
        ("Ban Chỉ huy Quân sự phường", "Bố trí 10 dân quân tham gia tu", []),
    ]
    assert plan.metadata.period == Period("2026-04-20", "2026-06-20")


def test_a_subject_that_is_in_no_list_is_a_unit_in_an_assignment_section():
    plan = plan_of(
        with_body(
            "I. PHÂN CÔNG NHIỆM VỤ",
            "1. Công an xã chủ trì rà soát, xong trong quý I/2026.",
            "2. Đoàn Nghệ nhân Bình Phú phối hợp tuyên truyền trước ngày 26/6/2026.",
            "3. Các thôn còn lại tổ chức ký cam kết.",
        )
    )

    assert [
        (a.unit, a.tasks[0].role, [d.date for d in a.tasks[0].deadlines]) for a in plan.assignments
    ] == [
        ("Công an xã", "lead", ["2026-03-31"]),
        ("Đoàn Nghệ nhân Bình Phú", "coordinate", ["2026-06-26"]),
        ("Các thôn còn lại", None, []),
    ]
