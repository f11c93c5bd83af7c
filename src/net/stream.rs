//! Large answers: parsed while they arrive, so that memory holds what is wanted of them and not the whole.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use futures::FutureExt as _;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::request::{Request, head};
use super::retry::Failure;
use super::{Answer, NetError, authority};

/// How much of a streamed body is read at most: 64 MiB. npm's largest packuments are about 20 MB.
const LIMIT: u64 = 64 * 1024 * 1024;

/// How many chunks wait for the parser before the network has to.
const AHEAD: usize = 16;

/// A streamed answer.
#[derive(Debug, Clone)]
pub enum Streamed<T> {
    /// A success, parsed; the answer's body is empty.
    Parsed {
        /// What was wanted of the body.
        value: T,
        /// Status and headers.
        head: Answer,
    },
    /// No success: the answer with its (small) body.
    Refused(Answer),
}

impl<T> From<Answer> for Streamed<T> {
    fn from(answer: Answer) -> Self {
        Self::Refused(answer)
    }
}

impl Request {
    /// Sends it and parses a successful body while it arrives: `T` should name only the fields that are wanted. At most
    /// 64 MiB are read; an answer that is no success is read like by [`Request::send`].
    pub async fn stream_json<T>(self) -> Result<Streamed<T>, NetError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        self.patiently(|this| this.once_streamed().boxed()).await
    }

    async fn once_streamed<T>(self: Arc<Self>) -> Result<Streamed<T>, Failure<Streamed<T>>>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let response = self.exchange().await?;
        let mut answer = head(&response);
        if answer.is_success() {
            let value = self.parse(response, &answer).await?;
            return Ok(Streamed::Parsed { value, head: answer });
        }
        answer.body = self.read(response).await?;
        self.judged(answer)
    }

    async fn parse<T>(&self, mut response: reqwest::Response, answer: &Answer) -> Result<T, NetError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let parser = tokio::task::spawn_blocking(move || {
            serde_json::from_reader::<_, T>(BufReader::with_capacity(64 * 1024, Chunks::new(receiver)))
        });
        let mut read = 0_u64;
        let mut first = None;
        while let Some(chunk) =
            response.chunk().await.map_err(|e| NetError::from_body(&e, &answer.url, self.settings()))?
        {
            read += chunk.len() as u64;
            if read > LIMIT {
                return Err(NetError::TooLarge { host: authority(&answer.url), limit: LIMIT });
            }
            first = first.or(chunk.first().copied());
            if sender.send(chunk.to_vec()).await.is_err() {
                break; // The parser has found an error and gone.
            }
        }
        drop(sender);
        match parser.await {
            Ok(parsed) => parsed.map_err(|e| answer.not_json(&e, first)),
            Err(_) => Err(NetError::Other { host: authority(&answer.url), why: "the reading was stopped".to_owned() }),
        }
    }
}

/// Reads what comes through a channel.
struct Chunks {
    receiver: mpsc::Receiver<Vec<u8>>,
    chunk: io::Cursor<Vec<u8>>,
}

impl Chunks {
    fn new(receiver: mpsc::Receiver<Vec<u8>>) -> Self {
        Self { receiver, chunk: io::Cursor::default() }
    }
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.chunk.read(buffer)?;
            if n > 0 || buffer.is_empty() {
                return Ok(n);
            }
            match self.receiver.blocking_recv() {
                Some(chunk) => self.chunk = io::Cursor::new(chunk),
                None => return Ok(0),
            }
        }
    }
}
