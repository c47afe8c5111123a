//! The block of a page that a submission is for.

use dinh_runtime::bindings::views::{Block, EntryGrid, Field, FieldKind, Form, Page, Section, SheetImport};

/// A block that can be submitted.
#[derive(Clone, Copy, Debug)]
pub enum Submittable<'a> {
    /// A form.
    Form(&'a Form),
    /// An entry grid.
    Grid(&'a EntryGrid),
    /// An import.
    Import(&'a SheetImport),
}

/// The block of this id.
pub fn find<'a>(page: &'a Page, id: &str) -> Option<Submittable<'a>> {
    page.sections.iter().find_map(|section| within(section, id))
}

/// The block of this id in a section.
pub fn within<'a>(section: &'a Section, id: &str) -> Option<Submittable<'a>> {
    section.blocks.iter().find_map(|block| match block {
        Block::Form(form) if form.id == id => Some(Submittable::Form(form)),
        Block::EntryGrid(grid) if grid.id == id => Some(Submittable::Grid(grid)),
        Block::SheetImport(import) if import.id == id => Some(Submittable::Import(import)),
        _ => None,
    })
}

/// Whether a name that comes back is that of a field which is sent along and not shown.
pub fn is_hidden(form: &Form, name: &str) -> bool {
    let mut fields = form.groups.iter().flat_map(|group| &group.fields);
    let known = name.strip_prefix("f.");
    known.is_some_and(|known| fields.any(|f| f.name == known && matches!(f.kind, FieldKind::Hidden)))
}

/// The field that a picker on the page belongs to: `FORM/FIELD`, `FORM/ROWS.FIELD`, or `/FIELD` of filters.
pub fn field<'a>(page: &'a Page, name: &str) -> Option<&'a Field> {
    let (id, field) = name.split_once('/')?;
    let blocks = page.sections.iter().flat_map(|section| &section.blocks);
    if id.is_empty() {
        return blocks
            .filter_map(|block| match block {
                Block::Filters(filters) => Some(&filters.fields),
                _ => None,
            })
            .flatten()
            .find(|known| known.name == field);
    }
    let Submittable::Form(form) = find(page, id)? else { return None };
    match field.split_once('.') {
        Some((rows, field)) => {
            form.children.iter().find(|c| c.name == rows)?.fields.iter().find(|known| known.name == field)
        }
        None => form.groups.iter().flat_map(|group| &group.fields).find(|known| known.name == field),
    }
}
