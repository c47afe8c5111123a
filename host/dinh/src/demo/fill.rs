//! Brings tables in through the plugins' pages, as a person would: sign in, upload, look at the preview, confirm.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use dinh_model::{Timestamp, time};

use super::pages::Pages;
use super::people::{
    ACCOUNTANT, CASHIER, CLERK, COLLECTOR, DIRECTOR, EDITOR, INSPECTOR, PROCEDURAL, RECEIVER, STEWARD,
};
use super::spending::{Office, spent};
use super::under_way::{disciplined, under_way};
use super::{DemoAccount, dues, province};
use crate::house::House;

/// A table: who brings it, into which plugin, on which page, into which import block, from which file.
struct Table {
    account: &'static str,
    plugin: &'static str,
    page: &'static str,
    block: &'static str,
    file: &'static str,
}

const fn table(
    (account, plugin): (&'static str, &'static str),
    page: &'static str,
    block: &'static str,
    file: &'static str,
) -> Table {
    Table { account, plugin, page, block, file }
}

const PCI: (&str, &str) = (EDITOR, "pci-index");
const RULES: (&str, &str) = (STEWARD, "personnel");
const OFFICERS: (&str, &str) = (CLERK, "personnel");
const DUES: (&str, &str) = (COLLECTOR, "party-finance");
const PROCEDURES: (&str, &str) = (PROCEDURAL, "inspection");
const CASES: (&str, &str) = (INSPECTOR, "inspection");

/// The tables. What others need comes first: editions before scores, pay scales before officers, officers before
/// their histories.
const TABLES: &[Table] = &[
    table(PCI, "editions", "components", "components.csv"),
    table(PCI, "editions", "groups", "groups.csv"),
    table(PCI, "import", "scores", "scores-2021.csv"),
    table(PCI, "import", "scores", "scores-thanh-hoa-phu-tho-2021-2024.csv"),
    table(PCI, "import", "scores", "scores-tien-giang-2007-2016.csv"),
    table(RULES, "settings", "parameters", "parameters.csv"),
    table(RULES, "settings", "grades", "grades.csv"),
    table(RULES, "headcount", "quotas", "quotas.csv"),
    table(DUES, "rates", "rates", "rates.csv"),
    table(DUES, "organisations", "retentions", "retention.csv"),
    table(DUES, "organisations", "organisations", "organisations.csv"),
    table(DUES, "items", "items", "items.csv"),
    table(OFFICERS, "import", "people", "people.csv"),
    table(OFFICERS, "import/careers", "careers", "careers.csv"),
    table(OFFICERS, "import/salary-steps", "salary-steps", "salary-steps.csv"),
    table(OFFICERS, "import/allowances", "allowances", "allowances.csv"),
    table(OFFICERS, "import/trainings", "trainings", "trainings.csv"),
    table(OFFICERS, "import/relatives", "relatives", "relatives.csv"),
    table(OFFICERS, "import/rewards", "rewards", "rewards.csv"),
    table(OFFICERS, "import/disciplines", "disciplines", "disciplines.csv"),
    table(OFFICERS, "import/papers", "papers", "papers.csv"),
    table(PROCEDURES, "catalogs", "steps", "steps.csv"),
    table(PROCEDURES, "catalogs/papers", "papers", "papers.csv"),
    table(PROCEDURES, "catalogs/terms", "terms", "terms.csv"),
    table(PROCEDURES, "catalogs/settings", "settings", "settings.csv"),
    table(PROCEDURES, "catalogs/templates", "templates", "templates.csv"),
    table(CASES, "import", "dossiers", "dossiers.csv"),
];

/// The clerk's own number: nobody writes the own record, so the head brings in those lines.
const CLERKS_NUMBER: &str = "CB0005";

/// Whose dues are spent.
const SPENDING: &str = "skhdt-thqh";

/// The files this needs, in the folder of finished plugins.
pub fn files() -> impl Iterator<Item = String> {
    TABLES.iter().map(|table| format!("{}/{}", table.plugin, table.file))
}

/// Imports every table as whoever of `accounts` brings it, and does what is under way.
pub fn import(
    house: &House,
    files: &Path,
    accounts: &[DemoAccount],
    progress: &mut dyn FnMut(&str),
) -> Result<()> {
    let app =
        dinh_web::App::new(Arc::clone(house.platform()), house.runtime()?, dinh_web::Options::default());
    let mut desks = Desks { router: dinh_web::router(app), accounts, signed_in: HashMap::new() };
    let now = house.platform().clock().now();
    let threads =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")?;
    threads.block_on(async {
        progress("published figures, rules and dossiers, through the plugins' pages");
        for Table { account, plugin, page, block, file } in TABLES {
            let path = files.join(plugin).join(file);
            let table =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let (page, table) = (format!("/apps/{plugin}/{page}"), dated(&table, now));
            let (others, own) = if *account == CLERK { apart(&table, CLERKS_NUMBER) } else { (table, None) };
            for (account, table) in [(*account, Some(others)), (DIRECTOR, own)] {
                let Some(table) = table else { continue };
                let imported = desks.of(account).await?.import(&page, block, file, table.as_bytes()).await;
                imported.with_context(|| format!("{file} cannot be imported"))?;
            }
        }
        progress("two thousand officers");
        let clerk = desks.of(CLERK).await?;
        let today = time::day_in_vietnam(now);
        for table in province::tables(today) {
            let page = match table.block {
                "people" => "/apps/personnel/import".to_owned(),
                block => format!("/apps/personnel/import/{block}"),
            };
            for part in &table.parts {
                let imported = clerk.import(&page, table.block, "can-bo.csv", part.as_bytes()).await;
                imported.with_context(|| format!("the generated {} cannot be imported", table.block))?;
            }
        }
        progress("a year of dues");
        let office = Office {
            collector: desks.of(COLLECTOR).await?,
            receiver: desks.of(RECEIVER).await?,
            accountant: desks.of(ACCOUNTANT).await?,
            approver: desks.of(DIRECTOR).await?,
            cashier: desks.of(CASHIER).await?,
        };
        dues::a_year(&office.collector, &office.approver, today).await?;
        spent(&office, &dues::number(&office.collector, SPENDING).await?, today).await?;
        under_way(&clerk, &office.approver, &desks.of(EDITOR).await?, now).await?;
        disciplined(&desks.of(INSPECTOR).await?, now).await
    })
}

/// The demo's people at their desks: each signs in once.
struct Desks<'a> {
    router: Router,
    accounts: &'a [DemoAccount],
    signed_in: HashMap<String, Pages>,
}

impl Desks<'_> {
    async fn of(&mut self, account: &str) -> Result<Pages> {
        if let Some(known) = self.signed_in.get(account) {
            return Ok(known.clone());
        }
        let known = self.accounts.iter().find(|known| known.account == account);
        let known = known.with_context(|| format!("the demo has no account {account}"))?;
        let pages = Pages::sign_in(self.router.clone(), known).await?;
        self.signed_in.insert(account.to_owned(), pages.clone());
        Ok(pages)
    }
}

/// A table without the lines of the officer, and one of those lines alone if there are any.
fn apart(table: &str, number: &str) -> (String, Option<String>) {
    let theirs = |line: &str| line.split(',').next() == Some(number);
    let of = |own: bool| {
        let rows = table.split_inclusive('\n').skip(1).filter(move |line| theirs(line) == own);
        table.split_inclusive('\n').take(1).chain(rows).collect::<String>()
    };
    (of(false), table.lines().any(theirs).then(|| of(true)))
}

/// A table with its days: `today-20` is twenty days before now, so that what is under way in the demo is whenever the
/// demo is made.
pub fn dated(table: &str, now: Timestamp) -> String {
    const TODAY: &str = "today-";
    let mut parts = table.split(TODAY);
    let mut dated = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(part.bytes().take_while(u8::is_ascii_digit).count());
        let today = time::days(time::day_in_vietnam(now));
        let earlier = digits.parse().ok().and_then(|days: i32| time::from_days(today.checked_sub(days)?));
        match earlier {
            Some(day) => dated.push_str(&day.to_string()),
            None => dated.extend([TODAY, digits]),
        }
        dated.push_str(rest);
    }
    dated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_a_table_are_counted_from_now_and_nothing_else_is_touched() {
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let table = "title,from\nRà soát today,today-2\nx,\"today-30\"\ntoday-,today-99999999999";
        let expected = "title,from\nRà soát today,2026-02-28\nx,\"2026-01-31\"\ntoday-,today-99999999999";
        assert_eq!(dated(table, now), expected);
    }

    #[test]
    fn lines_of_one_officer_come_apart_with_the_heads() {
        let table = "code,name\nCB0004,Mai\nCB0005,Hoà\nCB00051,Lan\nCB0005,Hoà CB0004";
        let (others, own) = apart(table, CLERKS_NUMBER);
        assert_eq!(others, "code,name\nCB0004,Mai\nCB00051,Lan\n");
        assert_eq!(own.as_deref(), Some("code,name\nCB0005,Hoà\nCB0005,Hoà CB0004"));
        assert_eq!(apart("code\nCB0004\n", CLERKS_NUMBER), ("code\nCB0004\n".to_owned(), None));
    }
}
