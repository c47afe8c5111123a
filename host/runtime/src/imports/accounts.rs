//! `accounts`: who is asking, and what directories show.

use dinh_model::{AccountId, Actor, UnitId, time};
use dinh_services::ServiceError;
use dinh_services::accounts::{self as directory, Account};

use super::{convert, optional, size::Size};
use crate::bindings::accounts::{self, Delegate, People, Person, Unit};
use crate::bindings::types;
use crate::state::{State, stop};

/// Most people of one search.
const MOST_PEOPLE: u32 = 100;

impl accounts::Host for State {
    fn whoami(&mut self) -> wasmtime::Result<accounts::Actor> {
        let actor = match self.call.actor().clone() {
            Actor::Person { account, on_behalf_of } => {
                let person = self.needed(account)?;
                match on_behalf_of {
                    None => accounts::Actor::Person(person),
                    Some(lender) => {
                        let on_behalf_of = self.needed(lender)?;
                        accounts::Actor::Delegate(Delegate { person, on_behalf_of })
                    }
                }
            }
            Actor::Service(_) => accounts::Actor::Service,
            Actor::Public => accounts::Actor::Public,
        };
        Ok(actor)
    }

    fn get_unit(&mut self, id: types::UnitId) -> wasmtime::Result<Option<Unit>> {
        self.looks(1)?;
        let unit = optional(directory::get_unit(&self.call, UnitId(id)))?;
        self.unit(unit)
    }

    fn find_unit(&mut self, code: String) -> wasmtime::Result<Option<Unit>> {
        self.crossed(code.len())?;
        self.looks(1)?;
        let unit = directory::find_unit(&self.call, &code).map_err(stop)?;
        self.unit(unit)
    }

    fn list_units(&mut self, parent: Option<types::UnitId>) -> wasmtime::Result<Vec<Unit>> {
        self.looks(1)?;
        let units = directory::list_units(&self.call, parent.map(UnitId)).map_err(stop)?;
        self.looks(units.len())?;
        units.into_iter().filter_map(|unit| self.unit(Some(unit)).transpose()).collect()
    }

    fn get_person(&mut self, account: types::AccountId) -> wasmtime::Result<Option<Person>> {
        self.looks(1)?;
        match optional(directory::get_account(&self.call, AccountId(account)))? {
            Some(account) => self.person(account).map(Some),
            None => Ok(None),
        }
    }

    fn search_people(
        &mut self,
        words: String,
        unit: Option<types::UnitId>,
        limit: u32,
    ) -> wasmtime::Result<People> {
        self.crossed(words.len())?;
        self.looks(1)?;
        let limit = limit.clamp(1, MOST_PEOPLE) as usize;
        let found = directory::search_people(&self.call, &words, unit.map(UnitId), limit).map_err(stop)?;
        self.looks(found.accounts.len())?;
        let people = People {
            accounts: found.accounts.iter().map(|account| account.id.0).collect(),
            full_names: convert::text_list(found.accounts.iter().map(|account| account.full_name.as_str())),
            units: found.accounts.iter().map(|account| account.unit.0).collect(),
            more: found.more,
        };
        self.crossed(people.full_names.size() + people.accounts.len() * 8)?;
        Ok(people)
    }
}

impl State {
    /// A person who must be there, because they act.
    fn needed(&mut self, account: AccountId) -> wasmtime::Result<Person> {
        let account = directory::get_account(&self.call, account).map_err(stop)?;
        self.person(account)
    }

    fn person(&mut self, account: Account) -> wasmtime::Result<Person> {
        let positions = self.positions(account.id).map_err(stop)?;
        let person = Person {
            account: account.id.0,
            login: account.login,
            full_name: account.full_name,
            unit: account.unit.0,
            positions,
        };
        self.crossed(person.login.size() + person.full_name.size() + person.positions.size())?;
        Ok(person)
    }

    /// The titles of the positions held now, in the language of the call.
    fn positions(&self, account: AccountId) -> Result<Vec<String>, ServiceError> {
        let now = self.call.now();
        directory::held_by(&self.call, account)?
            .into_iter()
            .filter(|held| held.term.from <= now && held.term.until.is_none_or(|until| now < until))
            .map(|held| {
                let position = directory::get_position(&self.call, held.position)?;
                Ok(position.title.get(self.call.language()).to_owned())
            })
            .collect()
    }

    fn unit(&mut self, unit: Option<directory::Unit>) -> wasmtime::Result<Option<Unit>> {
        let Some(unit) = unit else { return Ok(None) };
        self.crossed(unit.code.size() + unit.name.size() + 32)?;
        Ok(Some(Unit {
            id: unit.id.0,
            code: unit.code,
            name: unit.name,
            parent: unit.parent.map(|parent| parent.0),
            valid_from: time::days(unit.valid_from),
            valid_until: unit.valid_until.map(time::days),
        }))
    }
}
