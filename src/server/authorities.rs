//! The certificate authorities that vouch for the relay: the public ones, or those that the operator names, read from PEM
//! (ML-08). Nothing is opened or connected to here.

use std::sync::Arc;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// Whose word is taken for a certificate.
#[derive(Clone, Debug)]
pub struct Authorities(Arc<RootCertStore>);

impl Authorities {
    /// Those that browsers trust, too.
    pub fn public() -> Self {
        Self(Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }))
    }

    /// Those of a PEM file, in place of the public ones.
    ///
    /// # Errors
    /// What is wrong with the file, in words for the operator; nothing of what stands in it.
    pub fn parse(pem: &[u8]) -> Result<Self, String> {
        // With the key of an authority anybody passes for any relay; it has no business here, nor has a relay's own.
        if pem.windows(KEY.len()).any(|part| part == KEY) {
            return Err(format!("holds a private key, which must not leave its machine; {MEND}"));
        }
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| format!("is no sound PEM file ({error}); {MEND}"))?;
            store.add(certificate).map_err(|error| format!("holds a broken certificate ({error}); {MEND}"))?;
        }
        if store.is_empty() {
            return Err(format!("holds no certificate; {MEND}"));
        }
        Ok(Self(Arc::new(store)))
    }

    pub fn store(&self) -> Arc<RootCertStore> {
        self.0.clone()
    }
}

/// How the first line of every kind of private key ends.
const KEY: &[u8] = b"PRIVATE KEY-----";

const MEND: &str =
    "name the PEM file of the authority that signed the relay's certificate (-----BEGIN CERTIFICATE-----)";
