//! A file on its way in: written piece by piece, off the threads that answer requests.

use std::sync::Arc;

use axum::extract::multipart::Field;
use dinh_runtime::Plugin;
use dinh_services::files::{Bringing, FileInfo, PIECE};
use dinh_services::{Platform, ServiceError};

use crate::app::App;
use crate::draw::purpose;
use crate::pages::call::blocking;
use crate::problem::{Kind, Problem};
use crate::visitor::Visitor;

/// A file of which some has come.
pub struct Receiving<'a> {
    visitor: &'a Visitor,
    platform: Arc<Platform>,
    /// None only while a piece of it is being written.
    file: Option<Bringing>,
    held: Vec<u8>,
}

impl<'a> Receiving<'a> {
    /// Begins a file called `name`, if the visitor may bring files to the plugin.
    pub async fn begin(
        app: &App,
        visitor: &'a Visitor,
        plugin: &Plugin,
        name: String,
    ) -> Result<Self, Problem> {
        let (platform, origin, data) =
            (Arc::clone(&app.platform), visitor.origin(app), Arc::clone(&plugin.data));
        let begun = blocking(move || platform.bring_file(&origin, &data, &name)).await?;
        let file = begun.map_err(|error| Problem::service(&error, visitor.language))?;
        Ok(Self { visitor, platform: Arc::clone(&app.platform), file: Some(file), held: Vec::new() })
    }

    /// The next bytes.
    pub async fn take(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.held.extend_from_slice(bytes);
        if self.held.len() < PIECE {
            return Ok(());
        }
        let held = std::mem::take(&mut self.held);
        let file = self
            .work(move |platform, mut file| {
                platform.bring_bytes(&mut file, &held)?;
                Ok(file)
            })
            .await?;
        self.file = Some(file);
        Ok(())
    }

    /// Makes it a file, which waits to be attached.
    pub async fn finish(mut self) -> Result<FileInfo, Problem> {
        let held = std::mem::take(&mut self.held);
        self.work(move |platform, mut file| {
            platform.bring_bytes(&mut file, &held)?;
            platform.finish_file(file)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Platform, Bringing) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, Problem> {
        let Some(file) = self.file.take() else { return Err(Problem::internal(&"a file that was given up")) };
        let platform = Arc::clone(&self.platform);
        let done = blocking(move || work(&platform, file)).await?;
        done.map_err(|error| Problem::service(&error, self.visitor.language))
    }
}

impl Drop for Receiving<'_> {
    /// The sender went away, or the rest is not wanted: nothing of it is kept.
    fn drop(&mut self) {
        if let Some(file) = self.file.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let platform = Arc::clone(&self.platform);
            runtime.spawn_blocking(move || platform.give_up_file(&file));
        }
    }
}

/// Takes the files that come along with a form.
#[derive(Clone, Copy)]
pub struct Taker<'a> {
    /// The platform.
    pub app: &'a App,
    /// Who sends it.
    pub visitor: &'a Visitor,
    /// To which plugin.
    pub plugin: &'a Plugin,
    /// The token in the head of the request, if it is there.
    pub token: Option<&'a str>,
}

impl Taker<'_> {
    /// Takes a file whose form came with this token in a field before it; or says, in the sender's language, why it is
    /// not taken.
    ///
    /// # Errors
    /// Unless the form was sent by the visitor; when the body breaks off, or the platform fails.
    pub async fn take(
        &self,
        token: Option<&str>,
        name: String,
        field: &mut Field<'_>,
        broken: impl Fn(axum::extract::multipart::MultipartError) -> Problem,
    ) -> Result<Result<FileInfo, String>, Problem> {
        self.visitor.require_token(&purpose(self.plugin.manifest.id.as_str()), token.or(self.token))?;
        let taken = self.receive(name, field, &broken).await;
        let problem = match taken {
            Ok(Ok(info)) => return Ok(Ok(info)),
            Ok(Err(broken)) => return Err(broken),
            Err(problem) => problem,
        };
        if !matches!(problem.kind, Kind::Invalid | Kind::Denied) {
            return Err(problem);
        }
        // The rest of it passes by, so that the form can be shown again as it was filled in.
        while field.chunk().await.map_err(&broken)?.is_some() {}
        Ok(Err(problem.text(self.visitor.texts())))
    }

    /// The inner error is of the body, the outer one of the file.
    async fn receive(
        &self,
        name: String,
        field: &mut Field<'_>,
        broken: &impl Fn(axum::extract::multipart::MultipartError) -> Problem,
    ) -> Result<Result<FileInfo, Problem>, Problem> {
        let mut receiving = Receiving::begin(self.app, self.visitor, self.plugin, name).await?;
        loop {
            match field.chunk().await {
                Ok(Some(bytes)) => receiving.take(&bytes).await?,
                Ok(None) => return receiving.finish().await.map(Ok),
                Err(error) => return Ok(Err(broken(error))),
            }
        }
    }
}
