//! From a job and its data to the bytes of a PDF.

use dinh_model::FormFiles;
use typst::World;
use typst::diag::{Severity, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Smart};
use typst::layout::{Frame, FrameItem, Point};
use typst::model::Document;
use typst::syntax::FileId;
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, Timestamp};

use crate::world::Sealed;
use crate::{Job, LARGEST_DATA, PrintError};

/// The text of a stamp, set by a template of ours.
const STAMP: &str = "/dinh/stamp.typ";

/// Most pages of a document that says of itself what is a table, a head, a cell, for whoever has it read aloud. Of
/// longer ones that would be most of the bytes and half of the memory.
const TAGGED: usize = 100;

/// Most problems told of a template at once.
const TOLD: usize = 3;

/// Lays out a form.
///
/// `data` is the JSON that the template finds at `/data.json`. Pure, and without bounds of its own but those on
/// pages and data: a host that does not trust the template calls it in a child ([`Press`](crate::Press)).
pub fn print(job: &Job, data: Vec<u8>) -> Result<Vec<u8>, PrintError> {
    let (world, document) = layout(job, data)?;
    let (year, month, day) = job.today;
    let options = PdfOptions {
        creator: Smart::Custom(Some("Đình".to_owned())),
        timestamp: Datetime::from_ymd_hms(year, month, day, 0, 0, 0)
            .and_then(|moment| Timestamp::new_local(moment, 7 * 60)),
        tagged: document.pages().len() <= TAGGED,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|problems| told(&world, &problems))
}

/// The pages, stamped.
fn layout(job: &Job, data: Vec<u8>) -> Result<(Sealed, PagedDocument), PrintError> {
    if data.len() > LARGEST_DATA {
        return Err(PrintError::limit("bytes of data", LARGEST_DATA as u64));
    }
    let world = Sealed::new(job, Bytes::new(data), Sealed::framed(&job.template))?;
    let mut document = compile(&world)?;
    if document.pages().len() > job.pages {
        return Err(PrintError::limit("pages", job.pages as u64));
    }
    if let Some(stamp) = &job.stamp {
        document = stamped(job, &document, stamp)?;
    }
    let info = document.info_mut();
    info.title = Some(job.title.as_str().into());
    info.date = Smart::Auto;
    Ok((world, document))
}

/// Looks whether every template of a package can be read, and lays out those that have an example of their data
/// beside them (`prints/sheet.json` for `prints/sheet.typ`). The first problem found.
pub fn check(files: &FormFiles) -> Result<(), PrintError> {
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".typ")) {
        let job = Job {
            template: path.to_owned(),
            files: files.clone(),
            title: path.to_owned(),
            stamp: None,
            today: (2026, 1, 1),
            pages: 1_000,
        };
        let example = files.get(&format!("{}.json", path.trim_end_matches(".typ")));
        let world = Sealed::new(&job, Bytes::new(example.unwrap_or(b"{}").to_vec()), String::new())?;
        let id = world.of_package(path)?;
        let source = world.source(id).map_err(|error| PrintError::input(format!("{path}: {error}")))?;
        let problems: Vec<SourceDiagnostic> =
            source.root().errors_and_warnings().0.into_iter().map(SourceDiagnostic::from).collect();
        if !problems.is_empty() {
            return Err(told(&world, &problems));
        }
        if example.is_some() {
            print(&job, example.unwrap_or_default().to_vec())?;
        }
    }
    Ok(())
}

fn compile(world: &Sealed) -> Result<PagedDocument, PrintError> {
    typst::compile::<PagedDocument>(world).output.map_err(|problems| told(world, &problems))
}

/// The same pages with the stamp over each: after the template is done, so that it cannot leave it out or cover it.
fn stamped(job: &Job, document: &PagedDocument, stamp: &str) -> Result<PagedDocument, PrintError> {
    let text = serde_json::to_vec(stamp).map_err(PrintError::failed)?;
    let world = Sealed::new(job, Bytes::new(text), format!("#include \"{STAMP}\"\n"))?;
    let seal = compile(&world)?;
    let mut seal: Frame = seal.pages().first().map(|page| page.frame.clone()).unwrap_or_default();
    untag(&mut seal);
    let pages = document.pages().iter().map(|page| {
        let mut page: Page = page.clone();
        let right = page.frame.width() - seal.width();
        page.frame.push_frame(Point::with_x(right.max(typst::layout::Abs::zero()) / 2.0), seal.clone());
        page
    });
    Ok(PagedDocument::new(pages.collect(), document.info().clone()))
}

/// Takes out what refers to the document that a frame was laid out in.
fn untag(frame: &mut Frame) {
    let items: Vec<(Point, FrameItem)> = frame.items().cloned().collect();
    frame.clear();
    for (place, mut item) in items {
        if let FrameItem::Group(group) = &mut item {
            untag(&mut group.frame);
        }
        if !matches!(item, FrameItem::Tag(_)) {
            frame.push(place, item);
        }
    }
}

/// The first problems, with their places.
fn told(world: &Sealed, problems: &[SourceDiagnostic]) -> PrintError {
    let errors: Vec<&SourceDiagnostic> =
        problems.iter().filter(|problem| problem.severity == Severity::Error).take(TOLD).collect();
    let Some(first) = errors.first() else { return PrintError::failed("no reason was given") };
    let (file, line, column) = place(world, first);
    let mut hints: Vec<String> = first.hints.iter().map(|hint| hint.v.to_string()).collect();
    hints.extend(errors.iter().skip(1).map(|also| {
        let (file, line, column) = place(world, also);
        format!("also {file}:{line}:{column}: {}", also.message)
    }));
    PrintError::Template { file, line, column, message: first.message.to_string(), hints }
}

/// Where a problem is. One in what we offer is told where the package's own file led to it.
fn place(world: &Sealed, problem: &SourceDiagnostic) -> (String, usize, usize) {
    use typst::WorldExt;
    let spans = std::iter::once(problem.span).chain(problem.trace.iter().map(|step| step.span.into()));
    let mut first = None;
    for span in spans {
        let Some((id, range)) = span.id().zip(world.range(span)) else { continue };
        let found = located(world, id, range.start);
        if id.vpath().get_without_slash().starts_with("prints/") {
            return found;
        }
        first.get_or_insert(found);
    }
    first.unwrap_or_default()
}

fn located(world: &Sealed, id: FileId, at: usize) -> (String, usize, usize) {
    let file = id.vpath().get_without_slash().to_owned();
    let Ok(source) = world.source(id) else { return (file, 0, 0) };
    let before = source.text().get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (file, line, column)
}

#[cfg(test)]
mod tests;
