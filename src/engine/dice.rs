//! Chance without randomness: every draw is a hash of what it is drawn for, so that each key's own sequence
//! gives the same verdicts however keys interleave.

use std::hash::{Hash, Hasher};
use std::time::Duration;

use xxhash_rust::xxh3::Xxh3;

use super::action::Delay;
use super::counter::Key;
use super::rule::CERTAIN;

/// What one draw is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dice<'a> {
    pub(super) seed: u64,
    pub(super) rule: usize,
    pub(super) key: &'a Key,
    pub(super) turn: u64,
}

impl Dice<'_> {
    /// Whether a share of `chance` millionths includes this turn.
    pub(super) fn hits(self, chance: u32) -> bool {
        chance >= CERTAIN || self.unit("chance") * f64::from(CERTAIN) < f64::from(chance)
    }

    /// The wait a rule asks for at this turn.
    pub(super) fn delay(self, delay: Delay) -> Duration {
        match delay {
            Delay::Fixed(fixed) => fixed,
            Delay::Between(low, high) => {
                low + high.saturating_sub(low).mul_f64(self.unit("between"))
            }
            Delay::Normal { mean, deviation } => {
                let drawn = mean.as_secs_f64() + deviation.as_secs_f64() * self.normal();
                Duration::try_from_secs_f64(drawn.max(0.0)).unwrap_or(mean)
            }
        }
    }

    /// A number of the standard normal distribution (Box and Muller, 1958).
    fn normal(self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit("radius")).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit("angle")).cos()
    }

    /// A number from 0 up to, but not including, 1.
    fn unit(self, purpose: &str) -> f64 {
        let mut hasher = Xxh3::with_seed(self.seed);
        (purpose, self.rule, self.key, self.turn).hash(&mut hasher);
        // Of 32 bits a double loses nothing, and a share of a millionth is well above them.
        let fraction = u32::try_from(hasher.finish() >> 32).unwrap_or(0);
        f64::from(fraction) / (f64::from(u32::MAX) + 1.0)
    }
}
