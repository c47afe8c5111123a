//! Reminds of deadlines each morning: the lead and the heads find a notice in their inbox, once for each deadline before
//! it comes and once when it was missed. A notice says nothing of the dossier, not even its number: it leads to its page,
//! and whom a dossier is withheld from is not told.

use dinh_sdk::notices::Notice;
use dinh_sdk::prelude::*;
use dinh_sdk::schedule::{self, Fired, Timer};
use dinh_sdk::time::{self, Date};

use crate::model::{Catalog, Dossier, Reminded};
use crate::permission;
use crate::rules::days::{self, Period};
use crate::rules::procedure::state;
use crate::rules::reminder::{self, Reminder};

/// How many dossiers a call reminds of: each tells a lead and a few heads, and a call sends a thousand notices.
const AT_ONCE: usize = 50;

/// Reminds of what is due; the rest in a minute.
pub(crate) fn due(_: &Fired) -> Result<()> {
    let today = time::today();
    let until = last_day(today, Catalog::on(today)?.remind())?;
    let mut open = Dossier::all().filter(Dossier::STATE.is(state::OPEN)).list()?;
    open.sort_by_key(|dossier| dossier.next_due());
    let mut told = 0;
    for dossier in &open {
        let Some(due) = dossier.next_due() else { continue };
        let Some(reminder) = reminder::due(due, today, until) else { continue };
        if was_told(dossier.id, due, reminder)? {
            continue;
        }
        if told == AT_ONCE {
            return Timer::at("remind-rest", time::now()).set().map(drop);
        }
        tell(dossier, due, reminder)?;
        told += 1;
    }
    Ok(())
}

/// The last day of a term that begins after a day; working days are those of the platform's holidays.
fn last_day(today: Date, ahead: Period) -> Result<Date> {
    if !ahead.working {
        return Ok(days::after(today, ahead, &|_| false));
    }
    schedule::add_working_days(today, i32::try_from(ahead.days.clamp(0, 3_660)).unwrap_or_default())
}

fn was_told(dossier: RecordId, due: Date, reminder: Reminder) -> Result<bool> {
    let told = Reminded::all().filter(Reminded::DOSSIER.is(dossier)).list()?;
    Ok(told.iter().any(|told| told.due == due && told.what == reminder.key()))
}

fn tell(dossier: &Stored<Dossier>, due: Date, reminder: Reminder) -> Result<()> {
    let notice =
        |permission| Notice::new(reminder.key(), permission, dossier.unit).about("/dossiers", dossier.id);
    let mut to_heads = notice(permission::DIRECT);
    if let Some(lead) = dossier.lead {
        // A head who leads it is told once.
        if notice(permission::WORK).only(lead).send()? > 0 {
            to_heads = to_heads.except(lead);
        }
    }
    to_heads.send()?;
    Reminded {
        unit: dossier.unit,
        dossier: dossier.id,
        due,
        what: reminder.key().to_owned(),
        sent_at: time::now(),
    }
    .insert()
    .map(drop)
}
