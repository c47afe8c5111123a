//! How a cell looks: what stands in it, and how its row stands out. The two number the styles of both kinds of workbook.

use dinh_runtime::bindings::views::RowKind;

/// Deepest indentation of a row's name.
pub const DEPTHS: u8 = 5;
/// Most places of a number.
pub const PLACES: u8 = 18;

/// What stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The first line above a table.
    Title,
    /// Another line above it, or the note below.
    Line,
    /// A head.
    Head,
    /// A text, indented so deep.
    Text(u8),
    /// A text that a spreadsheet would run as a formula if it were typed: marked, so that it stays a text when somebody
    /// edits it.
    Marked,
    /// A sign in the middle: a cross.
    Sign,
    /// Yes or no.
    Boolean,
    /// dd/mm/yyyy
    Day,
    /// mm/yyyy
    Month,
    /// yyyy, of a day
    Year,
    /// dd/mm/yyyy hh:mm
    Moment,
    /// A whole number without separators: a year, a code.
    Bare,
    /// A number with separators and so many places.
    Number(u8),
    /// A share in hundredths, with its sign.
    Percent(u8),
    /// A change, with its sign.
    Change(u8),
}

impl Look {
    /// All of them, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        let places = || 0..=PLACES;
        [Self::Title, Self::Line, Self::Head]
            .into_iter()
            .chain((0..=DEPTHS).map(Self::Text))
            .chain([Self::Marked, Self::Sign, Self::Boolean, Self::Day, Self::Month, Self::Year])
            .chain([Self::Moment, Self::Bare])
            .chain(places().map(Self::Number))
            .chain(places().map(Self::Percent))
            .chain(places().map(Self::Change))
    }

    /// How many there are.
    pub const COUNT: usize = 17 + 3 * (PLACES as usize + 1);

    fn number(self) -> usize {
        let places =
            |kind: usize, places: u8| 17 + kind * (usize::from(PLACES) + 1) + usize::from(places.min(PLACES));
        match self {
            Self::Title => 0,
            Self::Line => 1,
            Self::Head => 2,
            Self::Text(depth) => 3 + usize::from(depth.min(DEPTHS)),
            Self::Marked => 9,
            Self::Sign => 10,
            Self::Boolean => 11,
            Self::Day => 12,
            Self::Month => 13,
            Self::Year => 14,
            Self::Moment => 15,
            Self::Bare => 16,
            Self::Number(of) => places(0, of),
            Self::Percent(of) => places(1, of),
            Self::Change(of) => places(2, of),
        }
    }

    /// It has a frame, as the cells of a table have.
    pub fn is_framed(self) -> bool {
        !matches!(self, Self::Title | Self::Line)
    }

    /// Its text may take several lines.
    pub fn wraps(self) -> bool {
        matches!(self, Self::Head | Self::Text(_) | Self::Marked)
    }
}

/// How a row stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emphasis {
    /// Not.
    Ordinary,
    /// Bold: a total, a heading of rows.
    Strong,
    /// On a coloured ground.
    Highlight,
    /// Struck through.
    Cancelled,
}

impl Emphasis {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Ordinary, Self::Strong, Self::Highlight, Self::Cancelled];

    /// That of a row.
    pub fn of(kind: Option<RowKind>) -> Self {
        match kind {
            None => Self::Ordinary,
            Some(RowKind::Group | RowKind::Subtotal | RowKind::Total) => Self::Strong,
            Some(RowKind::Highlight) => Self::Highlight,
            Some(RowKind::Cancelled) => Self::Cancelled,
        }
    }
}

/// Every style there is, in the order of their numbers.
pub fn styles() -> impl Iterator<Item = (Look, Emphasis)> {
    Emphasis::ALL.into_iter().flat_map(|emphasis| Look::all().map(move |look| (look, emphasis)))
}

/// The number of a style.
pub fn style(look: Look, emphasis: Emphasis) -> usize {
    emphasis as usize * Look::COUNT + look.number()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_has_the_number_of_its_place() {
        for (place, (look, emphasis)) in styles().enumerate() {
            assert_eq!(style(look, emphasis), place, "{look:?} {emphasis:?}");
        }
        assert_eq!(Look::all().count(), Look::COUNT);
        assert_eq!(
            style(Look::Number(255), Emphasis::Ordinary),
            style(Look::Number(PLACES), Emphasis::Ordinary)
        );
    }
}
