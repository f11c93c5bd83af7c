//! A stateful world on loopback: GitHub, crates.io, npm and PyPI as a client meets them.
