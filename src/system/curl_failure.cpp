#include "system/curl_failure.hpp"

namespace hearth::system {

std::string_view phrase(CURLcode code) noexcept {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return "its name cannot be resolved";
        case CURLE_COULDNT_RESOLVE_PROXY:
            return "the proxy's name cannot be resolved";
        case CURLE_COULDNT_CONNECT:
            return "nothing accepts a connection there";
        case CURLE_SSL_CONNECT_ERROR:
            return "the TLS handshake failed";
        case CURLE_ABORTED_BY_CALLBACK:
            return "stopped before the answer came";
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_GOT_NOTHING:
            return "the connection ended without an answer";
        case CURLE_PARTIAL_FILE:
            return "the answer was cut short";
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_BAD_CONTENT_ENCODING:
            return "the answer is not HTTP";
        case CURLE_PROXY:
            return "the proxy refused";
        default:
            return {};
    }
}

bool about_certificates(CURLcode code) noexcept {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR ||
           code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_INVALIDCERTSTATUS;
}

Error certificate_error(const std::string& place, const std::string& why) {
    return Error{Remedy::failed, "the certificate of " + place + " is not valid: " + why,
                 "check the machine's clock and its trusted certificates; a proxy that reads TLS "
                 "needs its authority "
                 "among them"};
}

Error client_certificate_error(const ClientCertificate& own) {
    return Error{
        Remedy::failed,
        "the client's certificate in " + own.certificate_file + ", or its key in " + own.key_file +
            ", cannot be used",
        "both have to be there, in PEM, and belong together; the key without a passphrase"};
}

bool before_the_request(CURLcode code) noexcept {
    return about_certificates(code) || code == CURLE_SSL_CERTPROBLEM ||
           code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
           code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR ||
           code == CURLE_PROXY || code == CURLE_FAILED_INIT || code == CURLE_URL_MALFORMAT;
}

}  // namespace hearth::system
