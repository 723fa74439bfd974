//! A small generator, so that a failure names its seed and the seed throws the same again.

use usher::domain::permission::{Permission, Permissions};

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds are to have nothing in common; nought would stay nought.
        let mut dice = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..16 {
            dice.below(2);
        }
        dice
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % n.max(1) as u64) as usize
    }

    /// Once in so many throws.
    pub fn hits(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub fn permissions(&mut self, most: usize) -> Permissions {
        (0..self.below(most + 1)).map(|_| *self.one(&Permission::ALL)).collect()
    }
}
