//! Attached files: the name that leads to a file, and the field that takes files.

use dinh_model::FileId;
use dinh_runtime::bindings::views::Upload;
use maud::{Markup, html};

use super::Canvas;
use super::field::{Slot, describes};
use crate::form::{attached, typed};

/// A file by its name, which downloads it, and its size; that there is none where the visitor sees none.
pub(super) fn link(canvas: &Canvas<'_>, id: FileId) -> Markup {
    match canvas.directory.file(id) {
        Some(info) => html! {
            a href=(canvas.place.file(id)) { (info.name) }
            " " span class="size" { "(" (canvas.formats.size(info.size)) ")" }
        },
        None => html! { (canvas.texts.say("value-file-gone")) },
    }
}

/// The files that a field holds, each to be taken away, and room for more, or for another in its place.
pub(super) fn control(canvas: &Canvas<'_>, slot: &Slot<'_>, upload: &Upload) -> Markup {
    let ids = match slot.filled {
        Some(filled) => attached::ids(&filled.raw, slot.name, upload),
        None => typed::texts(canvas.formats, &slot.field.kind, slot.value),
    };
    // One that is gone is not sent again.
    let ids: Vec<FileId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let here = |id: &&FileId| canvas.directory.file(**id).is_some();
    let several = upload.maximum_files > 1;
    let largest = canvas.formats.size(upload.maximum_bytes.min(canvas.largest_file));
    let accept = (!upload.extensions.is_empty()).then(|| upload.extensions.join(","));
    let described = [describes(canvas, slot), Some(format!("{}-files", slot.id()))];
    let described = described.into_iter().flatten().collect::<Vec<_>>().join(" ");
    html! {
        @if ids.iter().any(|id| here(&id)) {
            ul class="attached" {
                @for id in ids.iter().filter(here) {
                    li {
                        input type="hidden" name=(slot.name) value=(id);
                        (link(canvas, *id)) " "
                        label class="choice" {
                            input type="checkbox" name=(attached::removing(slot.name)) value=(id);
                            span { (canvas.texts.say("attach-remove")) }
                        }
                    }
                }
            }
        }
        input type="file" id=(slot.id()) name=(slot.name) accept=[accept] multiple[several]
            aria-required=[slot.field.required.then_some("true")]
            aria-invalid=[(!slot.problems().is_empty()).then_some("true")]
            aria-describedby=(described);
        span class="hint" id={ (slot.id()) "-files" } {
            @if !ids.is_empty() && !several { (canvas.texts.say("attach-replace")) " " }
            @if !upload.extensions.is_empty() {
                (canvas.texts.with("attach-takes", &[("extensions", &upload.extensions.join(", "))])) " "
            }
            (canvas.texts.with("attach-largest", &[("most", &largest)]))
        }
    }
}
