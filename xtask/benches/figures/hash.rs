//! One pass for every digest, against the slower digest alone.

use std::hint::black_box;
use std::io::{self, Read};
use std::time::Instant;

use anyhow::Result;
use blake2::{Blake2b256, Digest as _};

use crate::stats::{Times, ratio};

const SIZE_BYTES: u64 = 1 << 30;
const ROUNDS: usize = 5;
/// As large as the buffer the product reads with, so that both sides read alike.
const CHUNK: usize = 256 * 1024;

/// A source as fast as memory: the figure is about hashing, not about a disk.
struct Bytes {
    block: Vec<u8>,
    left: u64,
}

impl Bytes {
    fn new() -> Self {
        let block = (0..CHUNK).map(|index| u8::try_from(index * 131 % 251).unwrap_or(0)).collect();
        Self { block, left: SIZE_BYTES }
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let length = buffer.len().min(self.block.len()).min(left);
        buffer[..length].copy_from_slice(&self.block[..length]);
        self.left -= length as u64;
        Ok(length)
    }
}

/// Alternates the two sides, so that a change of the machine's speed meets both.
pub(crate) fn run() -> Result<()> {
    let (mut both, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let digests = shiponce_dist::digest::hash_reader(Bytes::new())?;
        both.push(start.elapsed());
        let start = Instant::now();
        let blake2b = blake2b_alone(Bytes::new())?;
        alone.push(start.elapsed());
        anyhow::ensure!(digests.blake2b.0 == blake2b, "the two sides hashed different bytes");
        black_box(digests);
    }
    let (both, alone) = (Times::new(both), Times::new(alone));
    both.print("sha256 + blake2b-256 of 1 GiB in one pass");
    alone.print("blake2b-256 of 1 GiB alone");
    println!("ratio of the medians: {:.2}", ratio(&both, &alone));
    Ok(())
}

fn blake2b_alone(mut source: Bytes) -> Result<[u8; 32]> {
    let mut hasher = Blake2b256::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        let length = source.read(&mut buffer)?;
        if length == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(&buffer[..length]);
    }
}
