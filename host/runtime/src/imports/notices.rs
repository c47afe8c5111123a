//! `notices`: words to people.

use dinh_model::{AccountId, UnitId};
use dinh_services::ServiceError;
use dinh_services::notices::{self as service, NewNotice};

use super::convert;
use crate::bindings::notices::{self, Error};
use crate::state::{State, stop};

impl notices::Host for State {
    fn send(&mut self, notice: notices::NewNotice) -> wasmtime::Result<Result<u32, Error>> {
        let bytes = notice.name.len() + notice.permission.len() + notice.text.len() + notice.route.len();
        self.crossed(bytes + 32)?;
        self.looks(2)?;
        if self.call.records.read_only {
            return Ok(Err(Error::ReadOnly));
        }
        let language = self.call.language();
        let sent = self.notice(notice).and_then(|new| service::send(&mut self.call, &self.data, &new));
        let error = match sent {
            Ok(people) => return Ok(Ok(people)),
            Err(error @ ServiceError::Refused(_)) => {
                self.call.refused(&error);
                Error::Denied(error.text(language))
            }
            Err(ServiceError::Invalid(text)) => Error::Invalid(text.get(language).to_owned()),
            Err(error) => return Err(stop(error)),
        };
        if let Error::Denied(text) | Error::Invalid(text) = &error {
            self.crossed(text.len())?;
        }
        Ok(Err(error))
    }
}

impl State {
    /// The notice in the model's words, if the manifest declares its name, permission and route.
    fn notice(&self, new: notices::NewNotice) -> Result<NewNotice, ServiceError> {
        let manifest = &self.manifest;
        let declared = manifest.notices.iter().find(|known| known.name == new.name);
        let permission =
            manifest.permissions.iter().find(|known| known.permission.as_str() == new.permission);
        let route = manifest.routes.iter().find(|known| known.path == new.route);
        let (Some(declared), Some(permission), Some(_)) = (declared, permission, route) else {
            return Err(ServiceError::invalid(
                "plugin.toml không khai báo thông báo, quyền hoặc đường dẫn này.",
                "plugin.toml declares no such notice, permission or route.",
            ));
        };
        Ok(NewNotice {
            declared: declared.clone(),
            permission: permission.permission.clone(),
            unit: UnitId(new.unit),
            only: new.only.map(AccountId),
            except: new.except.map(AccountId),
            text: new.text,
            route: new.route,
            record: new.record.map(convert::record_id),
            days: new.days,
        })
    }
}
