//! Checksums of an object's bytes, as S3 takes and gives them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// An algorithm of S3's that is computed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    pub(crate) const ALL: &'static [Self] =
        &[Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512];

    /// The name in requests and answers.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name)
    }

    /// The member of the model that holds its value.
    pub(crate) fn member(self) -> String {
        format!("Checksum{}", self.name())
    }

    /// The checksum in base64, big end first.
    pub(crate) fn of(self, bytes: &[u8]) -> String {
        STANDARD.encode(self.raw(bytes))
    }

    fn raw(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Crc32 => crc32(&IEEE, bytes),
            Self::Crc32c => crc32(&CASTAGNOLI, bytes),
            Self::Crc64Nvme => (!crc(&NVME, !0, bytes)).to_be_bytes().to_vec(),
            Self::Md5 => Md5::digest(bytes).to_vec(),
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// Lower-case hex digits, as ETags and payload hashes are written.
pub(crate) fn hex(algorithm: Algorithm, bytes: &[u8]) -> String {
    algorithm.raw(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The remainders of all bytes by a reflected polynomial.
type Table = [u64; 256];

const IEEE: Table = table(0xedb8_8320);
const CASTAGNOLI: Table = table(0x82f6_3b78);
const NVME: Table = table(0x9a6c_9329_ac4b_c9b5);

const fn table(polynomial: u64) -> Table {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut value = byte as u64;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ polynomial } else { value >> 1 };
            bit += 1;
        }
        table[byte] = value;
        byte += 1;
    }
    table
}

fn crc(table: &Table, start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |sum, byte| (sum >> 8) ^ table[((sum ^ u64::from(*byte)) & 0xff) as usize])
}

fn crc32(table: &Table, bytes: &[u8]) -> Vec<u8> {
    let sum = crc(table, 0xffff_ffff, bytes) ^ 0xffff_ffff;
    sum.to_be_bytes()[4..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values of the catalogue of CRC algorithms, and of the standards of the hashes.
    #[test]
    fn the_check_values_come_out() {
        let sums: Vec<_> = Algorithm::ALL.iter().map(|algorithm| hex(*algorithm, b"123456789")).collect();
        let expected = [
            "cbf43926",
            "e3069283",
            "ae8b14860a799888",
            "25f9e794323b453885f5181f1b624d0b",
            "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
            "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
        ];
        assert_eq!(sums[..6], expected);
        assert_eq!(Algorithm::Crc32.of(b"123456789"), "y/Q5Jg==");
    }
}
