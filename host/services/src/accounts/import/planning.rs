//! The planning of an import, row by row: first what rows name themselves is checked and held for them, then the others
//! get what the rule of the house gives them.

use std::collections::{HashMap, HashSet};

use dinh_model::{Label, Localized, Target, UnitId};

use super::super::{emails, names, people};
use super::columns::{self, Row};
use super::login_rule::LoginRule;
use super::namesakes::{Namesake, Person, people_there};
use super::places::{NoPlace, Places};
use super::plan::{ImportSheet, PlannedAccount};
use super::report::{FaultKind, Report};
use crate::permissions::ACCOUNT_MANAGE;
use crate::{Call, ServiceError};

/// A plan in the making.
pub(super) struct Planning<'a> {
    call: &'a Call,
    sheet: &'a ImportSheet<'a>,
    pub(super) report: Report,
    places: Places,
    /// Who has a name in a unit.
    people: HashMap<Person, Namesake>,
    rights: HashMap<(UnitId, Label), bool>,
    /// What rows of the file take.
    logins: HashSet<String>,
    emails: HashSet<String>,
    /// The next number to try for those whom the rule gives the same login.
    next: HashMap<LoginRule, u32>,
}

/// A row that means a person in a unit; what it names itself is held for it.
pub(super) struct Draft {
    row: Row,
    full_name: String,
    unit: UnitId,
    unit_code: String,
    login: Option<String>,
    email: Option<String>,
    /// Something is wrong with it.
    faulty: bool,
}

impl<'a> Planning<'a> {
    pub(super) fn new(call: &'a Call, sheet: &'a ImportSheet<'a>) -> Result<Self, ServiceError> {
        Ok(Self {
            call,
            sheet,
            report: Report::new(call.language()),
            places: Places::read(call)?,
            people: people_there(call)?,
            rights: HashMap::new(),
            logins: HashSet::new(),
            emails: HashSet::new(),
            next: HashMap::new(),
        })
    }

    /// Checks a row by itself and against those before it; none when it means no person in a unit.
    pub(super) fn draft(&mut self, row: Row) -> Result<Option<Draft>, ServiceError> {
        let before = self.report.total();
        let Ok(full_name) = names::shown(&row.full_name) else {
            let message = Localized::new("họ tên trống hoặc quá dài", "the name is empty or too long");
            let remedy =
                Localized::new("Ghi họ tên từ 1 đến 200 ký tự.", "Give a name of 1 to 200 characters.");
            self.report.add(FaultKind::Name, &row, (columns::FULL_NAME, &row.full_name), &message, &remedy);
            return Ok(None);
        };
        let Some((unit, unit_code)) = self.unit(&row, self.sheet.unit) else { return Ok(None) };
        self.right(&row, unit);
        self.only_one(&row, (full_name.to_lowercase(), unit));
        let login = self.own_login(&row)?;
        let email = self.own_email(&row)?;
        let faulty = self.report.total() > before;
        Ok(Some(Draft { row, full_name, unit, unit_code, login, email, faulty }))
    }

    fn unit(&mut self, row: &Row, for_all: Option<UnitId>) -> Option<(UnitId, String)> {
        let cell = row.unit.as_deref().unwrap_or_default();
        let found = match (&row.unit, for_all) {
            (None, Some(unit)) => self.places.get(unit).ok_or(NoPlace::Unknown),
            _ => self.places.find(cell),
        };
        let (message, remedy) = match found {
            Ok(unit) => return Some((unit.id, unit.code.clone())),
            Err(NoPlace::Unknown) => (
                Localized::new(
                    "không có đơn vị đang hoạt động nào có mã hoặc tên này",
                    "no unit that is in its term has this code or name",
                ),
                Localized::new(
                    "Ghi mã đơn vị như trong danh sách đơn vị, hoặc lập đơn vị trước khi nhập.",
                    "Give the code as the list of units has it, or create the unit first.",
                ),
            ),
            Err(NoPlace::Several(codes)) => (
                Localized::new("nhiều đơn vị có tên này", "several units have this name"),
                Localized::new(
                    &format!("Ghi mã đơn vị: {}.", codes.join(", ")),
                    &format!("Give the code: {}.", codes.join(", ")),
                ),
            ),
        };
        self.report.add(FaultKind::Unit, row, (columns::UNIT, cell), &message, &remedy);
        None
    }

    fn right(&mut self, row: &Row, unit: UnitId) {
        let label = row.clearance;
        let call = self.call;
        let may = *self
            .rights
            .entry((unit, label))
            .or_insert_with(|| call.check(&ACCOUNT_MANAGE, &Target { unit, label, owner: None }));
        if !may {
            let message = Localized::new(
                "bạn không có quyền quản lý tài khoản của đơn vị này ở độ mật này",
                "you may not manage accounts of this unit up to this label",
            );
            let remedy = Localized::new(
                "Bỏ dòng này, hoặc nhờ quản trị viên của đơn vị đó nhập.",
                "Leave the row out, or let an administrator of that unit import it.",
            );
            let cell = row.unit.as_deref().unwrap_or_default();
            self.report.add(FaultKind::Right, row, (columns::UNIT, cell), &message, &remedy);
        }
    }

    fn only_one(&mut self, row: &Row, person: Person) {
        let Some(other) = self.people.get(&person) else {
            self.people.insert(person, Namesake::Line(row.line));
            return;
        };
        let message = other.text();
        if self.sheet.same_names {
            let remedy = Localized::new(
                "Bỏ dòng trùng, hoặc xác nhận đây là người khác.",
                "Leave the row out, or confirm that it is somebody else.",
            );
            self.report.same_name(row, &row.full_name, &message, &remedy);
            return;
        }
        let remedy = Localized::new(
            "Bỏ dòng trùng; nếu là người khác, xác nhận cho phép người cùng họ tên rồi nhập lại.",
            "Leave the row out; if it is somebody else, say that people of one name are different people.",
        );
        self.report.add(FaultKind::Duplicate, row, (columns::FULL_NAME, &row.full_name), &message, &remedy);
    }

    /// The login that a row names, held for it.
    fn own_login(&mut self, row: &Row) -> Result<Option<String>, ServiceError> {
        let Some(typed) = &row.login else { return Ok(None) };
        let remedy = Localized::new(
            "Ghi tên đăng nhập khác, hoặc để trống để hệ thống tự lập.",
            "Give another login, or leave the cell empty to have one made.",
        );
        let (message, login) = match names::login(typed) {
            Err(ServiceError::Invalid(text)) => (text, None),
            Err(other) => return Err(other),
            Ok(login) if self.login_free(&login)? => {
                self.logins.insert(login.clone());
                return Ok(Some(login));
            }
            Ok(login) => (
                Localized::new(
                    "tên đăng nhập này đã có người dùng hoặc ở dòng trên",
                    "this login is taken, by an account or a row above",
                ),
                Some(login),
            ),
        };
        self.report.add(FaultKind::Login, row, (columns::LOGIN, typed), &message, &remedy);
        Ok(login)
    }

    /// The address that a row names, held for it.
    fn own_email(&mut self, row: &Row) -> Result<Option<String>, ServiceError> {
        let Some(typed) = &row.email else { return Ok(None) };
        let remedy = Localized::new(
            "Ghi địa chỉ khác, hoặc để trống để hệ thống tự lập.",
            "Give another address, or leave the cell empty to have one made.",
        );
        let message = match emails::address(typed) {
            Err(ServiceError::Invalid(text)) => text,
            Err(other) => return Err(other),
            Ok(email) if self.email_free(&email)? => {
                self.emails.insert(email.clone());
                return Ok(Some(email));
            }
            Ok(_) => Localized::new(
                "địa chỉ thư điện tử này đã có người dùng hoặc ở dòng trên",
                "this address is taken, by an account or a row above",
            ),
        };
        self.report.add(FaultKind::Email, row, (columns::EMAIL, typed), &message, &remedy);
        Ok(None)
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
            row: draft.row.place,
            line: draft.row.line,
            full_name: draft.full_name,
            unit: draft.unit,
            unit_code: draft.unit_code,
            login,
            email: draft.email.or(made),
            clearance: draft.row.clearance,
        }))
    }

    fn login_free(&self, login: &str) -> Result<bool, ServiceError> {
        Ok(!self.logins.contains(login) && !self.call.holds(&people::login_key(login))?)
    }

    fn email_free(&self, email: &str) -> Result<bool, ServiceError> {
        Ok(!self.emails.contains(email) && !self.call.holds(&emails::key(email))?)
    }
}
