//! The planning of an import, row by row: first what rows name themselves is checked and held for them, then the others
//! get what the rule of the house gives them. What a cell means is in [`super::cells`].

use std::collections::{HashMap, HashSet};

use dinh_model::{Label, Localized, PositionId, UnitId};

use super::super::{Position, emails, names, people};
use super::columns::{self, Row};
use super::login_rule::LoginRule;
use super::people_there::PeopleThere;
use super::places::Places;
use super::plan::{ImportFile, PlannedAccount};
use super::posts::Posts;
use super::report::{FaultKind, Report};
use crate::{Call, ServiceError};

/// A plan in the making.
pub(super) struct Planning<'a> {
    pub(super) call: &'a Call,
    file: &'a ImportFile<'a>,
    pub(super) report: Report,
    pub(super) places: Places,
    pub(super) posts: Posts,
    pub(super) people: PeopleThere,
    /// Where the actor may make accounts, as far as it was asked.
    pub(super) rights: HashMap<(UnitId, Label), bool>,
    /// Which positions the actor may give, as far as it was asked.
    pub(super) gives: HashMap<PositionId, bool>,
    /// What rows of the file take.
    pub(super) logins: HashSet<String>,
    pub(super) emails: HashSet<String>,
    /// The next number to try for those whom the rule gives the same login.
    next: HashMap<LoginRule, u32>,
}

/// A row that means a person in a unit; what it names itself is held for it.
pub(super) struct Draft {
    row: Row,
    full_name: String,
    unit: UnitId,
    unit_code: String,
    position: Option<Position>,
    login: Option<String>,
    email: Option<String>,
    /// Something is wrong with it.
    faulty: bool,
}

impl<'a> Planning<'a> {
    pub(super) fn new(call: &'a Call, file: &'a ImportFile<'a>) -> Result<Self, ServiceError> {
        Ok(Self {
            call,
            file,
            report: Report::new(call.language()),
            places: Places::read(call)?,
            posts: Posts::default(),
            people: PeopleThere::read(call)?,
            rights: HashMap::new(),
            gives: HashMap::new(),
            logins: HashSet::new(),
            emails: HashSet::new(),
            next: HashMap::new(),
        })
    }

    /// Checks a row by itself and against those before it; none when it means no person in a unit.
    pub(super) fn draft(&mut self, row: Row) -> Result<Option<Draft>, ServiceError> {
        let before = self.report.total();
        let full_name = match names::shown(names::Shown::FullName, &row.full_name) {
            Ok(full_name) => full_name,
            Err(ServiceError::Invalid(message)) => {
                let remedy = Localized::new(
                    "Ghi họ tên đọc được, từ 1 đến 200 ký tự.",
                    "Give a name that people can read, of 1 to 200 characters.",
                );
                let place = (columns::FULL_NAME, row.full_name.as_str());
                self.report.add(FaultKind::Cell, &row, place, &message, &remedy);
                return Ok(None);
            }
            Err(other) => return Err(other),
        };
        let Some((unit, unit_code)) = self.unit(&row, self.file.unit) else { return Ok(None) };
        self.right(&row, unit);
        if !self.file.same_names {
            self.only_one(&row, (full_name.to_lowercase(), unit));
        }
        let position = self.position(&row, unit)?;
        let login = self.own_login(&row)?;
        let email = self.own_email(&row)?;
        let faulty = self.report.total() > before;
        Ok(Some(Draft { row, full_name, unit, unit_code, position, login, email, faulty }))
    }

    /// Gives a draft the login and the address that it does not name itself, when nothing is wrong with it.
    pub(super) fn named(&mut self, draft: Draft) -> Result<Option<PlannedAccount>, ServiceError> {
        if draft.faulty {
            return Ok(None);
        }
        let domain = match &draft.email {
            Some(_) => None,
            None => self.places.domain(self.call, draft.unit)?,
        };
        let address = |login: &str| domain.as_ref().map(|domain| format!("{login}@{domain}"));
        let (login, made) = match &draft.login {
            // Somebody else may have that address: then there is none.
            Some(login) => {
                let made = match address(login).and_then(|typed| emails::address(&typed).ok()) {
                    Some(made) if self.email_free(&made)? => Some(made),
                    _ => None,
                };
                (login.clone(), made)
            }
            None => {
                let rule = match LoginRule::new(&draft.full_name, &draft.unit_code) {
                    Ok(rule) => rule,
                    Err(ServiceError::Invalid(text)) => {
                        let remedy = Localized::new(
                            "Ghi tên đăng nhập vào cột “Tên đăng nhập”.",
                            "Give a login in the column of logins.",
                        );
                        let cell = (columns::FULL_NAME, draft.full_name.as_str());
                        self.report.add(FaultKind::Login, &draft.row, cell, &text, &remedy);
                        return Ok(None);
                    }
                    Err(other) => return Err(other),
                };
                let mut nth = self.next.get(&rule).copied().unwrap_or(1);
                let found = loop {
                    let login = rule.login(nth);
                    let made = address(&login);
                    let address_free = match &made {
                        Some(made) => self.email_free(made)?,
                        None => true,
                    };
                    nth = nth.saturating_add(1);
                    if address_free && self.login_free(&login)? {
                        break (login, made);
                    }
                };
                self.next.insert(rule, nth);
                found
            }
        };
        self.logins.insert(login.clone());
        self.emails.extend(made.clone());
        Ok(Some(PlannedAccount {
            line: draft.row.line,
            full_name: draft.full_name,
            unit: draft.unit,
            unit_code: draft.unit_code,
            login,
            email: draft.email.or(made),
            clearance: draft.row.clearance,
            position: draft.position,
        }))
    }

    pub(super) fn login_free(&self, login: &str) -> Result<bool, ServiceError> {
        Ok(!self.logins.contains(login) && !self.call.holds(&people::login_key(login))?)
    }

    pub(super) fn email_free(&self, email: &str) -> Result<bool, ServiceError> {
        Ok(!self.emails.contains(email) && !self.call.holds(&emails::key(email))?)
    }
}
