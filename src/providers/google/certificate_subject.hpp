// Subject tokens of workloads that have a certificate (X.509): the chain of it, shown beside a TLS
// handshake with the certificate.
#pragma once

#include <expected>
#include <string>

#include "core/http.hpp"
#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

struct CertificateSubject {
    Secret token;  // A JSON list of base64 DER, the leaf first.
    ClientCertificate certificate;
};

// The certificate that the file's certificate configuration names, or, where it names none, the one
// where Google's programs look.
std::expected<CertificateSubject, TokenFailure> subject_of_certificate(
    const CertificateSource& source, const std::string& place, const Outside& outside);

// The certificates of a PEM file in base64, in their order; other blocks are passed over. Absent
// where there is none, or where one is broken.
std::optional<std::vector<std::string>> certificates_in(std::string_view pem);

}  // namespace hearth::providers::google
