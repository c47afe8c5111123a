//! One page with every block, as a province would use them: what tests draw and people look at
//! (`cargo run -p dinh-web --example gallery`). Shared by this plugin and by the web floor, where the types
//! of views come from another crate: hence `contract`.

#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "fixed figures for tests"
)]

use super::contract::types::{self, Column, ColumnValues, RecordId, Value};
use super::contract::views::*;

pub mod build {
    use super::*;

    fn validity<T>(values: &[Option<T>]) -> Option<Vec<u8>> {
        if values.iter().all(Option::is_some) {
            return None;
        }
        let mut bits = vec![0; values.len().div_ceil(8)];
        for (row, _) in values.iter().enumerate().filter(|(_, value)| value.is_some()) {
            bits[row / 8] |= 1 << (row % 8);
        }
        Some(bits)
    }

    pub fn text_column<'a>(texts: impl IntoIterator<Item = &'a str>) -> types::TextColumn {
        let mut column = types::TextColumn { data: Vec::new(), ends: Vec::new() };
        for text in texts {
            column.data.extend_from_slice(text.as_bytes());
            column.ends.push(u32::try_from(column.data.len()).unwrap());
        }
        column
    }

    pub fn texts(values: &[&str]) -> Column {
        Column { values: ColumnValues::Texts(text_column(values.iter().copied())), validity: None }
    }

    pub fn booleans(values: &[bool]) -> Column {
        Column { values: ColumnValues::Booleans(values.to_vec()), validity: None }
    }

    pub fn integers(values: &[Option<i64>]) -> Column {
        let list = values.iter().map(|value| value.unwrap_or(0)).collect();
        Column { values: ColumnValues::Integers(list), validity: validity(values) }
    }

    pub fn decimals(scale: u8, values: &[Option<i64>]) -> Column {
        let unscaled = values.iter().map(|value| value.unwrap_or(0)).collect();
        let list = ColumnValues::Decimals(types::DecimalColumn { scale, unscaled });
        Column { values: list, validity: validity(values) }
    }
}

use build::*;

const COMPONENTS: [&str; 10] = [
    "Gia nhập thị trường",
    "Tiếp cận đất đai",
    "Tính minh bạch",
    "Chi phí thời gian",
    "Chi phí không chính thức",
    "Cạnh tranh bình đẳng",
    "Tính năng động",
    "Chính sách hỗ trợ doanh nghiệp",
    "Đào tạo lao động",
    "Thiết chế pháp lý & ANTT",
];

pub fn decimal(unscaled: i64) -> Value {
    Value::Decimal(types::Decimal { unscaled, scale: 2 })
}

/// Days since 1970-01-01: years begin in March, so that the leap day comes last.
pub fn day(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn to(path: &str) -> Target {
    Target::Page(path.to_owned())
}

fn link(text: &str, path: &str) -> Link {
    Link { text: text.to_owned(), target: to(path) }
}

pub fn action(text: &str, prominence: Prominence, effect: Effect) -> Action {
    Action { text: text.to_owned(), prominence, effect, disabled: None }
}

fn submit(form: &str, inputs: &[(&str, &str)]) -> Effect {
    let inputs = inputs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Effect::Submit(SubmitEffect {
        form: form.to_owned(),
        inputs,
        confirm: Some("Công bố bảng xếp hạng năm 2021?".to_owned()),
    })
}

fn column(key: &str, heads: &[&str], format: Format, width: Width) -> TableColumn {
    TableColumn {
        key: key.to_owned(),
        heads: heads.iter().map(|head| (*head).to_owned()).collect(),
        number: None,
        format,
        width,
        frozen: false,
        sortable: false,
        help: None,
        shared: None,
    }
}

pub fn empty_page(title: &str) -> Page {
    Page {
        title: title.to_owned(),
        subtitle: None,
        breadcrumbs: Vec::new(),
        actions: Vec::new(),
        sections: Vec::new(),
        label: types::Label::Ordinary,
        as_of: None,
        letterhead: None,
    }
}

/// A ranking: frozen first columns, sorting, selection, paging, notes, N/A.
pub fn ranking() -> Table {
    let names = [
        "Quảng Ninh",
        "Hải Phòng",
        "Đồng Tháp",
        "Đà Nẵng",
        "Vĩnh Phúc",
        "Bình Dương",
        "Bắc Ninh",
        "Thanh Hóa",
    ];
    let first = |key: &str, head: &str, format, width| TableColumn {
        frozen: true,
        ..column(key, &[head], format, width)
    };
    let mut columns = vec![
        TableColumn { sortable: true, ..first("rank", "Hạng", Format::Integer, Width::Narrow) },
        TableColumn {
            sortable: true, ..first("province", "Tỉnh, thành phố", Format::Plain, Width::Normal)
        },
        TableColumn {
            sortable: true, ..column("score", &["Điểm PCI"], Format::Decimal(2), Width::Normal)
        },
        column("change", &["So với 2020"], Format::ChangeDown(0), Width::Normal),
        column("group", &["Nhóm"], Format::Badge, Width::Normal),
    ];
    let scores = [7302, 7061, 7053, 7042, 6969, 6961, 6945, 6321].map(Some);
    let mut data = vec![
        integers(&[Some(1), Some(2), Some(3), Some(4), Some(5), Some(6), Some(7), Some(43)]),
        texts(&names),
        decimals(2, &scores),
        integers(&[Some(0), Some(-5), Some(-1), Some(-1), Some(1), Some(-2), Some(3), Some(15)]),
        texts(&["Rất tốt", "Tốt", "Tốt", "Tốt", "Tốt", "Tốt", "Tốt", "Trung bình"]),
    ];
    for (index, name) in COMPONENTS.iter().enumerate() {
        columns.push(TableColumn {
            sortable: true,
            ..column(&format!("c{index}"), &["Chỉ số thành phần", name], Format::Decimal(2), Width::Normal)
        });
        let values: Vec<_> = (0..8_i64)
            .map(|row| (row != 7 || index != 5).then_some(798 - row * 9 - index as i64 * 7))
            .collect();
        data.push(decimals(2, &values));
    }
    let tone =
        |row: u32, tone| CellStyle { row, column: 4, tone, note: None, target: None, placeholder: None };
    Table {
        id: "ranking".to_owned(),
        caption: Some("Bảng xếp hạng PCI năm 2021".to_owned()),
        columns,
        data,
        row_styles: vec![RowStyle { row: 7, kind: Some(RowKind::Highlight), depth: 0 }],
        cell_styles: vec![
            tone(0, Tone::Good),
            tone(7, Tone::Warning),
            CellStyle {
                row: 7,
                column: 10,
                tone: Tone::Neutral,
                note: None,
                target: None,
                placeholder: Some("N/A".to_owned()),
            },
            CellStyle {
                row: 7,
                column: 2,
                tone: Tone::Warning,
                note: Some("Tính lại: 63,28; lệch 0,07".to_owned()),
                target: None,
                placeholder: None,
            },
        ],
        row_targets: names
            .iter()
            .map(|name| Some(to(&format!("/provinces/{}?edition=2021", name.replace(' ', "%20")))))
            .collect(),
        row_keys: (1..=8).map(|row| format!("r{row}")).collect(),
        bulk_actions: vec![action(
            "Rút khỏi bảng",
            Prominence::Danger,
            Effect::Submit(SubmitEffect {
                form: "withdraw".to_owned(),
                inputs: vec![],
                confirm: Some("Rút các tỉnh đã chọn khỏi bảng?".to_owned()),
            }),
        )],
        sorting: Some(Sorting { column: "score".to_owned(), descending: true }),
        paging: Some(Paging { total: Some(63), next: Some("cursor-8".to_owned()), started: false }),
        empty_text: "Chưa có dữ liệu.".to_owned(),
        exportable: true,
        note: Some("Nguồn: VCCI, pcivietnam.vn. Điểm được làm tròn đến hai chữ số thập phân.".to_owned()),
    }
}

/// A prescribed report: three levels of heads, numbers under them, groups, totals, indentation.
pub fn report() -> Table {
    let kind = |key: &str, head: &str, number: &str| TableColumn {
        number: Some(number.to_owned()),
        ..column(key, &["Loại hình đảng bộ", head], Format::Money, Width::Normal)
    };
    let rows = [
        "I. Đảng viên và đảng phí",
        "Số đảng viên cuối kỳ",
        "Đảng phí đã thu trong kỳ",
        "Được trích giữ lại",
        "Chi bộ",
        "Đảng uỷ cơ sở",
        "Cộng nộp cấp trên",
    ];
    let amounts = |base: i64| {
        let list: Vec<_> =
            (0..7_i64).map(|row| (row != 0).then_some(base * (row + 1) * 10_000 + row)).collect();
        integers(&list)
    };
    let style = |row, kind, depth| RowStyle { row, kind, depth };
    Table {
        id: "b01".to_owned(),
        caption: Some("Báo cáo B01/ĐP quý II năm 2026".to_owned()),
        columns: vec![
            TableColumn {
                frozen: true,
                number: Some("A".to_owned()),
                ..column("item", &["Chỉ tiêu"], Format::Plain, Width::Wide)
            },
            TableColumn {
                number: Some("B".to_owned()),
                ..column("code", &["Mã số"], Format::Code, Width::Narrow)
            },
            kind("commune", "Xã, phường", "1"),
            kind("company", "Doanh nghiệp", "2"),
            kind("other", "Khác", "3"),
            TableColumn {
                number: Some("4=1+2+3".to_owned()),
                ..column("sum", &["Cộng"], Format::Money, Width::Normal)
            },
        ],
        data: vec![
            texts(&rows),
            texts(&["", "01", "02", "04", "05", "06", "12"]),
            amounts(812),
            amounts(97),
            amounts(31),
            amounts(940),
        ],
        row_styles: vec![
            style(0, Some(RowKind::Group), 0),
            style(1, None, 1),
            style(3, Some(RowKind::Subtotal), 0),
            style(4, Some(RowKind::Highlight), 1),
            style(5, Some(RowKind::Cancelled), 1),
            style(6, Some(RowKind::Total), 0),
        ],
        cell_styles: vec![],
        row_targets: vec![],
        row_keys: vec![],
        bulk_actions: vec![],
        sorting: None,
        paging: None,
        empty_text: String::new(),
        exportable: true,
        note: None,
    }
}

fn field(name: &str, label: &str, kind: FieldKind, value: Value) -> Field {
    Field {
        name: name.to_owned(),
        label: label.to_owned(),
        help: None,
        kind,
        value,
        required: true,
        read_only: false,
        show_when: None,
        unit_of_measure: None,
        width: 6,
    }
}

fn choice(value: &str, text: &str) -> Choice {
    Choice { value: value.to_owned(), text: text.to_owned(), help: None }
}

/// A record sheet with every kind of field.
pub fn form() -> Form {
    let range = |maximum| TextRange { minimum: 0, maximum };
    let any_day = DateRange { earliest: None, latest: Some(day(2026, 12, 31)) };
    let sexes =
        Choices { choices: vec![choice("nam", "Nam"), choice("nu", "Nữ")], style: ChoiceStyle::Automatic };
    let levels = ["trung-cap", "cao-dang", "dai-hoc", "thac-si", "tien-si", "khac"];
    let level_names = ["Trung cấp", "Cao đẳng", "Đại học", "Thạc sĩ", "Tiến sĩ", "Khác"];
    let education = Choices {
        choices: levels.iter().zip(level_names).map(|(value, text)| choice(value, text)).collect(),
        style: ChoiceStyle::Automatic,
    };
    let languages = Choices {
        choices: vec![choice("en", "Tiếng Anh"), choice("fr", "Tiếng Pháp"), choice("cham", "Tiếng Chăm")],
        style: ChoiceStyle::Automatic,
    };
    let optional = |field: Field| Field { required: false, ..field };
    let identity = FieldGroup {
        title: Some("Nhân thân".to_owned()),
        help: Some("Ghi đúng như giấy khai sinh.".to_owned()),
        fields: vec![
            field("name", "Họ và tên khai sinh", FieldKind::Text(range(80)), text("Nguyễn Thị Lan")),
            field("born", "Ngày sinh", FieldKind::Date(any_day), Value::Date(day(1985, 3, 8))),
            field("sex", "Giới tính", FieldKind::Choice(sexes), text("nu")),
            field(
                "home",
                "Quê quán",
                FieldKind::Code(CodePicker { catalog: "provinces".to_owned(), as_of: None }),
                text("38"),
            ),
            optional(Field {
                help: Some("Không bắt buộc với đảng viên chuyển đến trong năm.".to_owned()),
                ..field(
                    "languages",
                    "Ngoại ngữ, tiếng dân tộc",
                    FieldKind::ChoiceList(languages),
                    Value::Texts(vec!["en".to_owned()]),
                )
            }),
            field("education", "Trình độ", FieldKind::Choice(education), text("thac-si")),
            Field {
                read_only: true,
                ..field("code", "Số hiệu cán bộ", FieldKind::Text(range(20)), text("CB-0012"))
            },
            field("dossier", "Hồ sơ", FieldKind::Hidden, text("d-7")),
        ],
    };
    let work = FieldGroup {
        title: Some("Công tác".to_owned()),
        help: None,
        fields: vec![
            field("unit", "Đơn vị", FieldKind::Unit, Value::Unit(2)),
            field("boss", "Người quản lý trực tiếp", FieldKind::Account, Value::Account(2)),
            optional(field(
                "file",
                "Hồ sơ gốc",
                FieldKind::Reference(RecordPicker {
                    source: "dossiers".to_owned(),
                    title_field: "title".to_owned(),
                    detail_fields: vec![],
                }),
                Value::Empty,
            )),
            Field {
                unit_of_measure: Some("người".to_owned()),
                width: 3,
                ..field(
                    "children",
                    "Số con",
                    FieldKind::Integer(IntegerRange { minimum: Some(0), maximum: Some(20) }),
                    Value::Integer(2),
                )
            },
            Field {
                width: 3,
                ..field(
                    "coefficient",
                    "Hệ số lương",
                    FieldKind::Decimal(DecimalRange {
                        scale: 2,
                        minimum: Some(decimal(100)),
                        maximum: Some(decimal(1000)),
                    }),
                    decimal(498),
                )
            },
            field(
                "salary",
                "Lương đóng bảo hiểm",
                FieldKind::Money(IntegerRange { minimum: Some(0), maximum: None }),
                Value::Integer(11_652_000),
            ),
            Field {
                width: 3,
                ..field("month", "Tháng hưởng", FieldKind::Month(any_day), Value::Date(day(2024, 7, 1)))
            },
            Field {
                width: 6,
                ..field("seen", "Cập nhật lúc", FieldKind::Instant, Value::Instant(1_751_333_400_000_000))
            },
            Field {
                width: 12, ..field("party", "Là đảng viên", FieldKind::Boolean, Value::Boolean(true))
            },
            Field {
                show_when: Some(ShowWhen { field: "party".to_owned(), values: vec!["true".to_owned()] }),
                ..field("joined", "Ngày vào Đảng", FieldKind::Date(any_day), Value::Date(day(2009, 2, 3)))
            },
            optional(Field {
                width: 12,
                ..field(
                    "note",
                    "Ghi chú",
                    FieldKind::LongText(range(2_000)),
                    text("Đi học từ 9/2025.\n<script>alert(1)</script>"),
                )
            }),
            optional(field(
                "scan",
                "Bản chụp quyết định",
                FieldKind::Attachment(Upload {
                    extensions: vec![".pdf".to_owned()],
                    maximum_bytes: 5 << 20,
                    maximum_files: 1,
                }),
                Value::Empty,
            )),
        ],
    };
    let relations = Choices {
        choices: vec![choice("vo-chong", "Vợ, chồng"), choice("con", "Con"), choice("cha-me", "Cha, mẹ")],
        style: ChoiceStyle::Select,
    };
    let family = ChildRows {
        name: "family".to_owned(),
        title: "Quan hệ gia đình".to_owned(),
        fields: vec![
            Field { width: 5, ..field("name", "Họ và tên", FieldKind::Text(range(80)), Value::Empty) },
            Field { width: 4, ..field("relation", "Quan hệ", FieldKind::Choice(relations), Value::Empty) },
            Field {
                width: 3,
                ..optional(field("born", "Ngày sinh", FieldKind::Date(any_day), Value::Empty))
            },
        ],
        rows: vec![ChildRow {
            key: "k1".to_owned(),
            values: vec![text("Trần Văn Hùng"), text("vo-chong"), Value::Date(day(1983, 5, 1))],
        }],
        minimum: 1,
        maximum: 10,
    };
    Form {
        id: "edit".to_owned(),
        title: Some("Sơ yếu lý lịch".to_owned()),
        help: Some("Mẫu 2C. Các thay đổi được ghi vào nhật ký.".to_owned()),
        groups: vec![identity, work],
        children: vec![family],
        submit: "Lưu hồ sơ".to_owned(),
        buttons: vec![("draft".to_owned(), "Lưu nháp".to_owned())],
        cancel: Some(to("/")),
        shown: vec![ShownVersion {
            collection: "officers".to_owned(),
            id: RecordId { high: 1, low: 7 },
            version: 12,
        }],
    }
}

/// A ledger of dues, one row for each member.
pub fn ledger() -> EntryGrid {
    let shown = |column| GridColumn { column, kind: None, required: false };
    let open = |column, kind| GridColumn { column, kind: Some(kind), required: false };
    let dong = || FieldKind::Money(IntegerRange { minimum: Some(0), maximum: None });
    EntryGrid {
        id: "ledger".to_owned(),
        caption: Some("Sổ thu đảng phí S01/ĐP, tháng 6 năm 2026".to_owned()),
        columns: vec![
            shown(TableColumn {
                frozen: true, ..column("name", &["Họ và tên"], Format::Plain, Width::Wide)
            }),
            open(column("exempt", &["Được miễn"], Format::Cross, Width::Narrow), FieldKind::Boolean),
            shown(column("due", &["Phải đóng", "Tháng này"], Format::Money, Width::Normal)),
            shown(column("arrears", &["Phải đóng", "Truy thu"], Format::Money, Width::Normal)),
            open(column("paid", &["Đã thu"], Format::Money, Width::Normal), dong()),
            open(
                column("note", &["Ghi chú"], Format::Plain, Width::Wide),
                FieldKind::Text(TextRange { minimum: 0, maximum: 200 }),
            ),
        ],
        data: vec![
            texts(&["Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Châu"]),
            booleans(&[false, false, true]),
            integers(&[Some(53_100), Some(47_300), None]),
            integers(&[None, Some(41_400), None]),
            integers(&[Some(53_100), None, None]),
            texts(&["", "nộp bù tháng 5", ""]),
        ],
        row_keys: vec!["m1".to_owned(), "m2".to_owned(), "m3".to_owned()],
        locked_rows: vec![2],
        row_styles: vec![],
        cell_styles: vec![CellStyle {
            row: 1,
            column: 3,
            tone: Tone::Warning,
            note: Some("1 tháng".to_owned()),
            target: None,
            placeholder: None,
        }],
        shown: vec![],
        submit: "Lưu sổ".to_owned(),
    }
}

pub fn sheet_import() -> SheetImport {
    let score = |name: &str, label: &str| SheetColumn {
        name: name.to_owned(),
        label: label.to_owned(),
        aliases: vec![],
        kind: FieldKind::Decimal(DecimalRange {
            scale: 2,
            minimum: Some(decimal(100)),
            maximum: Some(decimal(1000)),
        }),
        required: false,
        empty_words: vec!["N/A".to_owned()],
        format: Format::Decimal(2),
    };
    let province = SheetColumn {
        name: "province".to_owned(),
        label: "Tỉnh, thành phố".to_owned(),
        aliases: vec!["tỉnh".to_owned(), "địa phương".to_owned()],
        kind: FieldKind::Text(TextRange { minimum: 2, maximum: 60 }),
        required: true,
        empty_words: vec![],
        format: Format::Plain,
    };
    SheetImport {
        id: "scores".to_owned(),
        title: "Nhập điểm từ bảng tính".to_owned(),
        help: Some(
            "Mỗi dòng là một tỉnh. Dữ liệu chỉ được ghi sau khi bạn xem trước và xác nhận.".to_owned(),
        ),
        columns: vec![province, score("entry", "Gia nhập thị trường"), score("land", "Tiếp cận đất đai")],
        maximum_rows: 1_000,
        preview: None,
    }
}

pub fn sheet_preview() -> SheetPreview {
    SheetPreview {
        problems: vec![SheetProblem {
            row: 2,
            column: Some("province".to_owned()),
            message: "Tỉnh này đã có ở dòng 2.".to_owned(),
            remedy: "Xoá một trong hai dòng.".to_owned(),
            warning: false,
        }],
        computed: vec![column("total", &["Điểm tính lại"], Format::Decimal(2), Width::Normal)],
        data: vec![decimals(2, &[Some(7_299), Some(7_061), Some(7_299), None])],
        summary: "Sẽ thêm 2 tỉnh.".to_owned(),
        fields: vec![],
    }
}

fn series(name: &str, values: &[Option<i64>], emphasised: bool) -> Series {
    Series { name: name.to_owned(), values: decimals(2, values), emphasised, second_axis: false }
}

fn axis(title: &str, minimum: Value, maximum: Value, reversed: bool) -> Axis {
    Axis { title: Some(title.to_owned()), minimum, maximum, reversed }
}

fn chart(
    id: &str,
    kind: ChartKind,
    title: &str,
    categories: &[&str],
    series: Vec<Series>,
    axis: Axis,
) -> Chart {
    Chart {
        id: id.to_owned(),
        kind,
        title: title.to_owned(),
        categories: categories.iter().map(|name| (*name).to_owned()).collect(),
        series,
        axis,
        second_axis: None,
        format: Format::Decimal(2),
        note: None,
    }
}

pub fn trend() -> Chart {
    let years = ["2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024"];
    let mine = [5_854, 6_246, 6_394, 6_576, 6_395, 6_321, 6_367, 6_679, 6_670].map(Some);
    let median = [
        Some(5_845),
        Some(6_224),
        Some(6_144),
        Some(6_513),
        None,
        Some(6_474),
        Some(6_555),
        Some(6_665),
        Some(6_700),
    ];
    let rank = Series {
        name: "Thứ hạng".to_owned(),
        values: integers(&[31, 28, 25, 24, 28, 43, 47, 30, 27].map(Some)),
        emphasised: false,
        second_axis: true,
    };
    Chart {
        second_axis: Some(axis("Hạng", Value::Integer(1), Value::Integer(63), true)),
        note: Some("Từ năm 2023, VCCI chỉ công bố điểm của 30 tỉnh dẫn đầu.".to_owned()),
        ..chart(
            "trend",
            ChartKind::Line,
            "Điểm PCI của Thanh Hóa qua các năm",
            &years,
            vec![series("Thanh Hóa", &mine, true), series("Trung vị", &median, false), rank],
            axis("Điểm", Value::Empty, Value::Empty, false),
        )
    }
}

pub fn radar() -> Chart {
    let mine = [652, 677, 682, 764, 670, 602, 773, 749, 717, 721].map(Some);
    let best = [798, 739, 694, 852, 811, 696, 774, 753, 727, 791].map(Some);
    let median = [690, 670, 600, 770, 690, 600, 660, 640, 600, 720].map(Some);
    chart(
        "profile",
        ChartKind::Radar,
        "Hồ sơ mười chỉ số thành phần, năm 2021",
        &COMPONENTS,
        vec![
            series("Hải Phòng", &mine, true),
            series("Cao nhất", &best, false),
            series("Trung vị", &median, false),
        ],
        axis("", Value::Integer(4), Value::Integer(9), false),
    )
}

fn bars() -> Chart {
    chart(
        "bars",
        ChartKind::Bar,
        "Nhóm dẫn đầu",
        &["Quảng Ninh", "Hải Phòng", "Đồng Tháp", "Đà Nẵng", "Vĩnh Phúc"],
        vec![series("Điểm", &[7_302, 7_061, 7_053, 7_042, 6_969].map(Some), false)],
        axis("Điểm", Value::Empty, Value::Empty, false),
    )
}

fn lying() -> Chart {
    chart(
        "components",
        ChartKind::Bar,
        "Chỉ số thành phần so với trung vị",
        &COMPONENTS,
        vec![
            series("Hải Phòng", &[652, 677, 682, 764, 670, 602, 773, 749, 717, 721].map(Some), true),
            series("Trung vị", &[690, 670, 600, 770, 690, 600, 660, 640, 600, 720].map(Some), false),
        ],
        axis("", Value::Empty, Value::Integer(10), false),
    )
}

fn stacked() -> Chart {
    let counts = |name: &str, values: [i64; 4]| Series {
        name: name.to_owned(),
        values: integers(&values.map(Some)),
        emphasised: false,
        second_axis: false,
    };
    Chart {
        format: Format::Integer,
        ..chart(
            "headcount",
            ChartKind::StackedBar,
            "Biên chế theo trình độ",
            &["Sở KHĐT", "Sở TC", "Sở NV", "Sở TP"],
            vec![
                counts("Tiến sĩ", [2, 1, 3, 1]),
                counts("Thạc sĩ", [31, 24, 18, 22]),
                counts("Đại học", [44, 51, 37, 29]),
            ],
            axis("Người", Value::Empty, Value::Empty, false),
        )
    }
}

fn paragraphs() -> Vec<Paragraph> {
    let plain = |text: &str| Span { text: text.to_owned(), marks: Marks::empty(), link: None };
    let one = |kind, spans: Vec<Span>| Paragraph { kind, spans };
    vec![
        one(ParagraphKind::Heading, vec![plain("Cách tính điểm")]),
        one(
            ParagraphKind::Paragraph,
            vec![
                plain("Chỉ số "),
                Span { marks: Marks::STRONG, ..plain("PCI") },
                plain(" là trung bình có trọng số của mười chỉ số thành phần. Xem "),
                Span {
                    link: Some(Target::External("https://pcivietnam.vn".to_owned())),
                    ..plain("trang của VCCI")
                },
                plain(" hoặc "),
                Span { link: Some(to("/editions")), ..plain("các kỳ đã công bố") },
                plain("."),
            ],
        ),
        one(ParagraphKind::Bullet, vec![plain("60 % từ khảo sát doanh nghiệp;")]),
        one(ParagraphKind::Bullet, vec![plain("40 % từ dữ liệu thống kê.")]),
        one(ParagraphKind::Numbered, vec![plain("Chuẩn hoá từng chỉ tiêu;")]),
        one(ParagraphKind::Numbered, vec![plain("tính chỉ số thành phần.")]),
        one(
            ParagraphKind::Quote,
            vec![Span { marks: Marks::EMPHASIS, ..plain("Môi trường kinh doanh là tài sản chung.") }],
        ),
        one(
            ParagraphKind::Note,
            vec![plain("Công thức: "), Span { marks: Marks::CODE, ..plain("Σ wᵢ·cᵢ / 10") }],
        ),
    ]
}

fn notice(tone: Tone, title: &str, text: &str) -> Block {
    Block::Notice(Notice { tone, title: title.to_owned(), text: text.to_owned() })
}

fn facts() -> Facts {
    let fact = |label: &str, value: Value, format: Format| Fact {
        label: label.to_owned(),
        value,
        format,
        tone: Tone::Neutral,
        target: None,
        help: None,
        width: 3,
    };
    Facts {
        title: Some("Hồ sơ đảng viên".to_owned()),
        facts: vec![
            Fact { width: 6, ..fact("Họ và tên", text("Nguyễn Thị Lan"), Format::Plain) },
            fact("Ngày sinh", Value::Date(day(1985, 3, 8)), Format::Date),
            fact("Ngày vào Đảng", Value::Date(day(2009, 2, 3)), Format::Date),
            fact("Hệ số lương", decimal(498), Format::Decimal(2)),
            fact("Lương đóng bảo hiểm", Value::Integer(11_652_000), Format::Money),
            Fact {
                tone: Tone::Bad,
                help: Some("Quá hạn 12 ngày".to_owned()),
                ..fact("Hạn nâng lương", Value::Date(day(2026, 6, 30)), Format::Date)
            },
            Fact { tone: Tone::Good, ..fact("Trạng thái", text("Đang công tác"), Format::Badge) },
            Fact {
                width: 6, target: Some(to("/units/2")), ..fact("Đơn vị", Value::Unit(2), Format::Plain)
            },
            Fact { width: 6, ..fact("Tôn giáo", Value::Empty, Format::Plain) },
        ],
    }
}

fn metrics() -> Vec<Metric> {
    let metric = |label: &str, value: Value, format: Format| Metric {
        label: label.to_owned(),
        value,
        format,
        unit_of_measure: None,
        change: Value::Empty,
        change_format: Format::Plain,
        tone: Tone::Neutral,
        note: None,
        target: None,
    };
    vec![
        Metric {
            unit_of_measure: Some("điểm".to_owned()),
            change: decimal(-74),
            change_format: Format::ChangeUp(2),
            tone: Tone::Info,
            note: Some("so với năm 2020".to_owned()),
            ..metric("Điểm PCI 2021", decimal(6_321), Format::Decimal(2))
        },
        Metric {
            unit_of_measure: Some("/63".to_owned()),
            change: Value::Integer(15),
            change_format: Format::ChangeDown(0),
            tone: Tone::Bad,
            ..metric("Thứ hạng", Value::Integer(43), Format::Integer)
        },
        Metric {
            tone: Tone::Good,
            target: Some(to("/tasks")),
            ..metric("Nhiệm vụ hoàn thành", decimal(8_750), Format::Percent(1))
        },
        Metric {
            tone: Tone::Warning,
            ..metric("Đảng phí đã thu", Value::Integer(1_284_530_000), Format::Money)
        },
    ]
}

fn events() -> Vec<Event> {
    let event = |at: Value, title: &str, tone| Event {
        at,
        title: title.to_owned(),
        text: None,
        by: None,
        tone,
        target: None,
    };
    vec![
        Event {
            by: Some(2),
            text: Some("Gửi các đơn vị để lấy ý kiến.".to_owned()),
            ..event(Value::Instant(1_751_333_400_000_000), "Ban hành kế hoạch", Tone::Info)
        },
        event(Value::Date(day(2026, 5, 20)), "Nộp báo cáo tự kiểm tra", Tone::Good),
        Event {
            target: Some(to("/reports/1")),
            ..event(Value::Date(day(2026, 6, 1)), "Quá hạn gửi giải trình", Tone::Bad)
        },
    ]
}

fn steps() -> Vec<Step> {
    let step = |title: &str, state| Step {
        title: title.to_owned(),
        state,
        due: Value::Empty,
        note: None,
        target: None,
    };
    vec![
        step("Chuẩn bị", StepState::Done),
        Step {
            due: Value::Date(day(2026, 7, 15)),
            note: Some("Đang chờ báo cáo của 2 đơn vị.".to_owned()),
            ..step("Tiến hành", StepState::Current)
        },
        Step { due: Value::Date(day(2026, 6, 30)), ..step("Thẩm tra, xác minh", StepState::Overdue) },
        step("Lấy ý kiến bổ sung", StepState::Skipped),
        step("Kết thúc", StepState::Waiting),
    ]
}

fn documents() -> Vec<Document> {
    let document = |title: &str, state, required| Document {
        title: title.to_owned(),
        number: None,
        date: Value::Empty,
        required,
        state,
        file: None,
        target: None,
        actions: vec![],
    };
    vec![
        Document {
            number: Some("12-KH/UBKTTU".to_owned()),
            date: Value::Date(day(2026, 3, 2)),
            target: Some(to("/documents/1")),
            ..document("Kế hoạch kiểm tra", DocumentState::Present, true)
        },
        Document {
            actions: vec![action("Tải lên", Prominence::Secondary, Effect::Open(to("/documents/new")))],
            ..document("Biên bản làm việc", DocumentState::Missing, true)
        },
        document("Phiếu biểu quyết", DocumentState::NotNeeded, false),
        document("Thông báo kết luận", DocumentState::Draft, true),
    ]
}

fn filters() -> Filters {
    let editions = Choices {
        choices: vec![
            choice("2020", "2020"),
            choice("2021", "2021"),
            choice("2022", "2022"),
            choice("2023", "2023"),
            choice("2024", "2024"),
            choice("2025", "2025"),
        ],
        style: ChoiceStyle::Select,
    };
    let words = Field {
        required: false,
        ..field("q", "Tìm tỉnh", FieldKind::Text(TextRange { minimum: 0, maximum: 60 }), Value::Empty)
    };
    Filters {
        fields: vec![field("edition", "Kỳ công bố", FieldKind::Choice(editions), text("2021")), words],
        submit: "Xem".to_owned(),
    }
}

/// The page.
pub fn page() -> Page {
    let section = |id: &str, title: &str, layout, blocks| Section {
        id: id.to_owned(),
        title: Some(title.to_owned()),
        layout,
        collapsed: false,
        blocks,
    };
    let archive = Action {
        disabled: Some("Kỳ 2021 chưa được công bố.".to_owned()),
        ..action("Lưu trữ", Prominence::Secondary, submit("archive", &[]))
    };
    Page {
        subtitle: Some(
            "Mọi khối của một trang, với số liệu PCI của VCCI và các biểu mẫu thường gặp.".to_owned(),
        ),
        breadcrumbs: vec![link("Chỉ số PCI", "/"), link("Kỳ 2021", "/editions/2021")],
        actions: vec![
            action("Công bố", Prominence::Primary, submit("publish", &[("edition", "2021")])),
            action("Nhập dữ liệu", Prominence::Secondary, Effect::Open(to("/import"))),
            archive,
        ],
        as_of: Some(1_751_333_400_000_000),
        sections: vec![
            Section {
                title: None,
                ..section(
                    "tabs",
                    "",
                    Layout::Stacked,
                    vec![
                        Block::Tabs(vec![
                            link("Xếp hạng", "/gallery"),
                            link("Hồ sơ tỉnh", "/provinces"),
                            link("So sánh", "/compare"),
                            link("Hậu PCI", "/tasks"),
                        ]),
                        Block::Filters(filters()),
                        Block::Metrics(metrics()),
                    ],
                )
            },
            section(
                "tables",
                "Bảng số liệu",
                Layout::Stacked,
                vec![Block::Table(ranking()), Block::Table(report())],
            ),
            section(
                "charts",
                "Biểu đồ",
                Layout::TwoColumns,
                vec![
                    Block::Chart(trend()),
                    Block::Chart(radar()),
                    Block::Chart(bars()),
                    Block::Chart(stacked()),
                ],
            ),
            section("chart-wide", "Biểu đồ nhiều tên dài", Layout::Stacked, vec![Block::Chart(lying())]),
            section(
                "texts",
                "Văn bản và thông báo",
                Layout::TwoColumns,
                vec![
                    Block::Text(paragraphs()),
                    Block::Notice(Notice {
                        tone: Tone::Info,
                        title: "Kỳ 2022 sẽ công bố ngày 11/04/2023".to_owned(),
                        text: "Số liệu được VCCI gửi trước một tuần.".to_owned(),
                    }),
                    notice(Tone::Good, "Đã lưu", "Hồ sơ được cập nhật."),
                    notice(
                        Tone::Warning,
                        "Có 2 dòng lệch quá 0,05",
                        "Điểm công bố và điểm tính lại khác nhau.",
                    ),
                    notice(Tone::Bad, "Chưa gửi được báo cáo", "Còn thiếu chữ ký của thủ trưởng đơn vị."),
                    notice(Tone::Neutral, "Ghi chú", ""),
                ],
            ),
            section("facts", "Hồ sơ", Layout::Stacked, vec![Block::Facts(facts())]),
            section(
                "forms",
                "Biểu mẫu",
                Layout::Stacked,
                vec![Block::Form(form()), Block::EntryGrid(ledger()), Block::SheetImport(sheet_import())],
            ),
            section(
                "case",
                "Vụ việc",
                Layout::ThreeColumns,
                vec![Block::Steps(steps()), Block::Timeline(events()), Block::Documents(documents())],
            ),
            section(
                "jobs",
                "Việc chạy nền",
                Layout::TwoColumns,
                vec![Block::Progress(assessing()), Block::Progress(stopped())],
            ),
            Section {
                collapsed: true,
                ..section(
                    "more",
                    "Xem thêm",
                    Layout::Stacked,
                    vec![Block::Actions(vec![
                        action("Xuất bảng", Prominence::Secondary, Effect::ExportTable("ranking".to_owned())),
                        action("Xoá kỳ này", Prominence::Danger, submit("remove", &[])),
                        action("Bỏ qua", Prominence::Link, Effect::Open(to("/"))),
                    ])],
                )
            },
        ],
        ..empty_page("Tất cả các khối")
    }
}

/// A job at work.
fn assessing() -> Progress {
    Progress {
        job: 12,
        title: "Tính đảng phí tháng 6/2025".to_owned(),
        state: JobState::Running,
        done: 1_203,
        of: Some(3_600),
        counted: "tổ chức".to_owned(),
        per_hour: Some(36_000),
        seconds_left: Some(240),
        started: 1_751_333_400_000_000,
        ended: None,
        notice: None,
        target: Some(to("/jobs/12")),
    }
}

/// One that needs people.
fn stopped() -> Progress {
    let notice =
        Notice {
            tone: Tone::Bad, title: "Đã dừng vì lỗi".to_owned(), text: "Ứng dụng báo lỗi.".to_owned()
        };
    Progress {
        job: 11,
        title: "Đối soát danh sách".to_owned(),
        state: JobState::Failed,
        done: 40,
        of: None,
        per_hour: None,
        seconds_left: None,
        ended: Some(1_751_337_000_000_000),
        notice: Some(notice),
        target: None,
        ..assessing()
    }
}
