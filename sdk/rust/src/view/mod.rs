//! What a page holds: page → sections → blocks, nothing deeper. A plugin says what is there; the host draws
//! it, formats numbers and days, exports tables, shows the data of charts.
//!
//! The types are the contract's own; every field is public, and the methods here are the short way to fill
//! them in.
//!
//! ```
//! use dinh_sdk::prelude::*;
//!
//! let page = Page::new("Thanh Hóa")
//!     .subtitle("Chỉ số năng lực cạnh tranh cấp tỉnh")
//!     .breadcrumb("Xếp hạng", "/")
//!     .block(vec![Metric::new("Hạng", 43_i64).unit("/63"), Metric::new("Điểm", Decimal::new(6321, 2))])
//!     .section(Section::new("components", "Chỉ số thành phần").block(Notice::info("Chưa có số liệu")));
//! assert_eq!(page.sections.len(), 2);
//! ```

mod chart;
mod dossier;
mod facts;
mod form;
mod grid;
mod import;
mod page;
mod table;

pub use crate::bindings::dinh::platform::types::Label;
pub use crate::bindings::dinh::platform::views::{
    Action, Axis, Block, CellStyle, Chart, ChartKind, ChildRow, ChildRows, Choice, ChoiceStyle, Choices,
    CodePicker, DateRange, DecimalRange, Document, DocumentState, Effect, EntryGrid, Event, Fact, Facts,
    Field, FieldGroup, FieldKind, Filters, Form, Format, GridColumn, IntegerRange, JobState, Layout, Link,
    Marks, Metric, Notice, Page, Paging, Paragraph, ParagraphKind, PluginPage, Progress, Prominence,
    RecordPicker, RowKind, RowStyle, Section, Series, SharedField, SheetColumn, SheetImport, SheetPreview,
    SheetProblem, ShowWhen, ShownVersion, Sorting, Span, Step, StepState, SubmitEffect, Table, TableColumn,
    Target, TextRange, Tone, Upload, Width,
};
pub use table::{Cell, IntoCell, TypedTable};

/// The head of a table's column, by the name it has in builders.
pub use TableColumn as Head;

pub(crate) use page::complete;
