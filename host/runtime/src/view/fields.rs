//! Forms, filters and imports.

use std::collections::HashSet;

use super::{COLUMNS, Checked, Checker, ITEMS, ROWS, SHEET_ROWS};
use crate::bindings::types::Value;
use crate::bindings::views::{
    ChildRows, Choices, DateRange, Field, FieldKind, Filters, Form, SheetImport, SheetPreview, ShownVersion,
};

impl Checker {
    pub(super) fn form(&mut self, form: &Form) -> Checked {
        self.id("id", &form.id)?;
        self.optional("title", form.title.as_deref())?;
        self.optional("help", form.help.as_deref())?;
        self.filled("submit", &form.submit)?;
        let mut names = HashSet::new();
        self.each("groups", &form.groups, 100, |checker, group| {
            checker.optional("title", group.title.as_deref())?;
            checker.optional("help", group.help.as_deref())?;
            checker.fields(&group.fields, &mut names)
        })?;
        self.each("children", &form.children, 20, |checker, children| {
            checker.unique(&children.name, &mut names)?;
            checker.children(children)
        })?;
        self.each("groups", &form.groups, 100, |checker, group| checker.conditions(&group.fields, &names))?;
        self.each("buttons", &form.buttons, 20, |checker, (value, text)| {
            checker.field_name("value", value)?;
            checker.filled("text", text)
        })?;
        if let Some(target) = &form.cancel {
            self.at("cancel", |checker| checker.target(target))?;
        }
        self.shown(&form.shown)
    }

    pub(super) fn filters(&mut self, filters: &Filters) -> Checked {
        self.filled("submit", &filters.submit)?;
        self.fields(&filters.fields, &mut HashSet::new())?;
        self.each("fields", &filters.fields, ITEMS, |checker, field| match field.kind {
            FieldKind::Attachment(_) => {
                checker.wrong("a kind that filters cannot have: files come with forms")
            }
            _ => Ok(()),
        })
    }

    pub(super) fn shown(&mut self, shown: &[ShownVersion]) -> Checked {
        self.each("shown", shown, ROWS, |checker, shown| {
            checker.key("collection", &shown.collection)?;
            if shown.version > i64::MAX.cast_unsigned() {
                return checker.wrong("a version that no record has");
            }
            Ok(())
        })
    }

    fn fields(&mut self, fields: &[Field], names: &mut HashSet<String>) -> Checked {
        self.each("fields", fields, ITEMS, |checker, field| {
            checker.unique(&field.name, names)?;
            checker.field(field)
        })
    }

    fn conditions(&mut self, fields: &[Field], names: &HashSet<String>) -> Checked {
        self.each("fields", fields, ITEMS, |checker, field| match &field.show_when {
            Some(when) if !names.contains(&when.field) => {
                checker.wrong("show-when names a field that is not in the form")
            }
            _ => Ok(()),
        })
    }

    fn unique(&mut self, name: &str, names: &mut HashSet<String>) -> Checked {
        self.field_name("name", name)?;
        if names.insert(name.to_owned()) {
            Ok(())
        } else {
            self.wrong(format!("a field {name:?} is in the form already"))
        }
    }

    fn field(&mut self, field: &Field) -> Checked {
        self.text("label", &field.label)?;
        self.optional("help", field.help.as_deref())?;
        self.optional("unit-of-measure", field.unit_of_measure.as_deref())?;
        self.up_to("width", field.width, 12)?;
        self.value("value", &field.value)?;
        if let Some(when) = &field.show_when {
            self.at("show-when", |checker| {
                checker.field_name("field", &when.field)?;
                checker.each("values", &when.values, ITEMS, |checker, value| checker.text("value", value))
            })?;
        }
        self.at("kind", |checker| checker.field_kind(&field.kind))
    }

    pub(super) fn field_kind(&mut self, kind: &FieldKind) -> Checked {
        match kind {
            FieldKind::Text(range) | FieldKind::LongText(range) if range.minimum > range.maximum => {
                self.wrong("at least more characters than at most")
            }
            FieldKind::Integer(range) | FieldKind::Money(range) if matches!((range.minimum, range.maximum), (Some(low), Some(high)) if low > high) => {
                self.wrong("a minimum above the maximum")
            }
            FieldKind::Decimal(range) => {
                self.up_to("scale", range.scale, 18)?;
                for bound in [&range.minimum, &range.maximum].into_iter().flatten() {
                    if !matches!(bound, Value::Empty | Value::Integer(_) | Value::Decimal(_)) {
                        return self.wrong("a bound that is not a number");
                    }
                    self.value("bound", bound)?;
                }
                Ok(())
            }
            FieldKind::Date(range) | FieldKind::Month(range) => self.days(range),
            FieldKind::Choice(choices) | FieldKind::ChoiceList(choices) => self.choices(choices),
            FieldKind::Code(picker) => {
                self.key("catalog", &picker.catalog)?;
                picker.as_of.map_or(Ok(()), |day| self.day(day))
            }
            FieldKind::Reference(picker) => {
                self.token("source", &picker.source)?;
                self.field_name("title-field", &picker.title_field)?;
                self.each("detail-fields", &picker.detail_fields, 10, |checker, name| {
                    checker.field_name("name", name)
                })
            }
            FieldKind::Attachment(upload) => {
                if upload.maximum_files == 0 {
                    return self.wrong("an upload of no file; maximum-files is 1 or more");
                }
                self.each("extensions", &upload.extensions, 50, |checker, extension| {
                    let good = extension.strip_prefix('.').is_some_and(|rest| {
                        (1..=16).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric())
                    });
                    if good { Ok(()) } else { checker.wrong("not an extension such as `.pdf`") }
                })
            }
            _ => Ok(()),
        }
    }

    fn days(&mut self, range: &DateRange) -> Checked {
        for day in [range.earliest, range.latest].into_iter().flatten() {
            self.day(day)?;
        }
        if matches!((range.earliest, range.latest), (Some(first), Some(last)) if first > last) {
            return self.wrong("an earliest day after the latest");
        }
        Ok(())
    }

    fn choices(&mut self, choices: &Choices) -> Checked {
        let mut values = HashSet::new();
        self.each("choices", &choices.choices, ITEMS, |checker, choice| {
            checker.token("value", &choice.value)?;
            checker.text("text", &choice.text)?;
            checker.optional("help", choice.help.as_deref())?;
            if values.insert(choice.value.clone()) {
                Ok(())
            } else {
                checker.wrong("a value that another choice has too")
            }
        })
    }

    fn children(&mut self, children: &ChildRows) -> Checked {
        self.filled("title", &children.title)?;
        self.fields(&children.fields, &mut HashSet::new())?;
        if children.minimum > children.maximum || children.maximum as usize > ROWS {
            return self.wrong(format!("a minimum above the maximum, or a maximum above {ROWS}"));
        }
        self.each("rows", &children.rows, ROWS, |checker, row| {
            checker.token("key", &row.key)?;
            if row.values.len() != children.fields.len() {
                return checker.wrong(format!(
                    "{} values for {} fields",
                    row.values.len(),
                    children.fields.len()
                ));
            }
            checker.each("values", &row.values, ITEMS, |checker, value| checker.value("value", value))
        })
    }

    pub(super) fn import(&mut self, import: &SheetImport) -> Checked {
        self.id("id", &import.id)?;
        self.filled("title", &import.title)?;
        self.optional("help", import.help.as_deref())?;
        if !(1..=SHEET_ROWS).contains(&import.maximum_rows) {
            return self.wrong(format!("maximum-rows is {}; 1 to 20,000", import.maximum_rows));
        }
        if import.columns.is_empty() {
            return self.wrong("an import without columns");
        }
        let mut names = HashSet::new();
        self.each("columns", &import.columns, COLUMNS, |checker, column| {
            checker.unique(&column.name, &mut names)?;
            checker.filled("label", &column.label)?;
            checker.each("aliases", &column.aliases, 50, |checker, alias| checker.text("alias", alias))?;
            checker
                .each("empty-words", &column.empty_words, 50, |checker, word| checker.text("word", word))?;
            checker.format(column.format)?;
            match column.kind {
                FieldKind::Text(_)
                | FieldKind::Integer(_)
                | FieldKind::Decimal(_)
                | FieldKind::Money(_)
                | FieldKind::Date(_)
                | FieldKind::Boolean
                | FieldKind::Choice(_)
                | FieldKind::Code(_) => checker.at("kind", |checker| checker.field_kind(&column.kind)),
                _ => checker.wrong("a kind that a cell of a sheet cannot have"),
            }
        })?;
        match &import.preview {
            Some(preview) => self.at("preview", |checker| checker.preview(preview, &names)),
            None => Ok(()),
        }
    }

    /// What is asked for before rows are imported. Nothing that is searched for or uploaded while a sheet is at hand.
    fn asked(&mut self, fields: &[Field]) -> Checked {
        let mut names = HashSet::new();
        self.fields(fields, &mut names)?;
        self.conditions(fields, &names)?;
        self.each("fields", fields, ITEMS, |checker, field| match field.kind {
            FieldKind::Reference(_) | FieldKind::Account | FieldKind::Attachment(_) | FieldKind::Hidden => {
                checker.wrong("a kind that cannot be asked for beside a sheet")
            }
            _ => Ok(()),
        })
    }

    fn preview(&mut self, preview: &SheetPreview, names: &HashSet<String>) -> Checked {
        self.text("summary", &preview.summary)?;
        let columns: Vec<_> = preview.computed.iter().collect();
        self.columns(&columns)?;
        self.data(&preview.data, preview.computed.len(), SHEET_ROWS as usize)?;
        self.asked(&preview.fields)?;
        self.each("problems", &preview.problems, 100_000, |checker, problem| {
            checker.filled("message", &problem.message)?;
            checker.text("remedy", &problem.remedy)?;
            match &problem.column {
                Some(column) if !names.contains(column) => {
                    checker.wrong("a column that the import does not have")
                }
                _ => Ok(()),
            }
        })
    }
}
