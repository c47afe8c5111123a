//! A body that leaves part by part, as its parts come; when one fails, the transfer breaks off, so that nobody takes what
//! came for the whole.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::Frame;
use tokio::sync::mpsc;

/// The transfer broke off; the receiver sees that the file is not whole.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the export broke off")]
pub struct BrokenOff;

/// A body made of parts as they come.
pub struct Parts {
    /// Where they come from.
    pub receive: mpsc::Receiver<Result<Bytes, BrokenOff>>,
}

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        self.receive.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}
