//! The scope of a request's signature: who calls which service where.

use bytes::Bytes;
use http::Request;

use crate::model::{Operation, Protocol};
use crate::refusal::Refusal;

/// What the `Authorization` header says; all empty when there is none.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    given: bool,
    pub(crate) key: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

/// The caller of a signed request, or of an operation that takes no signature.
pub(crate) struct Signed {
    pub(crate) key: String,
    pub(crate) region: String,
}

impl Scope {
    /// Reads `AWS4-HMAC-SHA256 Credential=AKID/date/region/service/aws4_request, …`.
    pub(crate) fn of(request: &Request<Bytes>) -> Self {
        let Some(header) = request.headers().get("authorization") else { return Self::default() };
        let credential = header.to_str().ok().and_then(|text| text.split_once("Credential="));
        let credential = credential.and_then(|(_, rest)| rest.split([',', ' ']).next()).unwrap_or_default();
        match credential.split('/').collect::<Vec<_>>()[..] {
            [key, _, region, service, "aws4_request"] => {
                Self { given: true, key: key.to_owned(), region: region.to_owned(), service: service.to_owned() }
            }
            _ => Self { given: true, ..Self::default() },
        }
    }

    /// The caller, or AWS's refusal of a request that should be signed and is not.
    pub(crate) fn signed(&self, operation: &Operation, protocol: Protocol) -> Result<Signed, Refusal> {
        if protocol == Protocol::RestXml {
            // To S3 an unsigned request is anonymous, and no bucket here is public.
            let refused = || Refusal::new("AccessDenied", "Access Denied");
            return if self.given && !self.service.is_empty() { Ok(self.caller()) } else { Err(refused()) };
        }
        let json = protocol == Protocol::Json;
        if !self.given && operation.authtype.as_deref() != Some("none") {
            let (code, status) =
                if json { ("MissingAuthenticationTokenException", 400) } else { ("MissingAuthenticationToken", 403) };
            return Err(Refusal::new(code, "Request is missing Authentication Token").status(status));
        }
        if self.given && self.service.is_empty() {
            let code = if json { "IncompleteSignatureException" } else { "IncompleteSignature" };
            return Err(Refusal::new(code, "Authorization header requires 'Credential' parameter."));
        }
        Ok(self.caller())
    }

    fn caller(&self) -> Signed {
        let region = if self.region.is_empty() { "us-east-1" } else { &self.region };
        Signed { key: self.key.clone(), region: region.to_owned() }
    }
}
