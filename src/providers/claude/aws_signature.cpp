#include "providers/claude/aws_signature.hpp"

#include "signing/digest.hpp"

namespace hearth::providers::claude {
namespace {

using signing::Digest;

std::string_view octets(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string hexadecimal(const Digest& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto octet : digest) {
        text += digits[octet >> 4U];
        text += digits[octet & 0xFU];
    }
    return text;
}

std::string names_of(const std::vector<Header>& headers) {
    std::string names;
    for (const auto& header : headers) names += (names.empty() ? "" : ";") + header.name;
    return names;
}

std::string canonical(const AwsRequest& request) {
    std::string text = std::string(request.method) + "\n/\n\n";
    for (const auto& header : request.headers) text += header.name + ":" + header.value + "\n";
    return text + "\n" + names_of(request.headers) + "\n" +
           hexadecimal(signing::sha256(request.body));
}

Digest signing_key(const AwsRequest& request, const AwsKeys& keys, std::string_view day) {
    SecretBuilder first;
    first.append("AWS4").append(keys.secret.reveal());
    auto key = signing::hmac_sha256(first.reveal(), day);
    for (const auto& part : {request.region, request.service, std::string_view("aws4_request")})
        key = signing::hmac_sha256(octets(key), part);
    return key;
}

}  // namespace

std::string aws_date(Instant instant) {
    std::string text;
    for (const char c : to_rfc3339(instant)) {
        if (c != '-' && c != ':') text += c;
    }
    return text;
}

std::string aws_authorization(const AwsRequest& request, const AwsKeys& keys, Instant at) {
    constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
    const auto date = aws_date(at);
    const auto day = date.substr(0, 8);
    const auto scope = day + "/" + std::string(request.region) + "/" +
                       std::string(request.service) + "/aws4_request";
    const auto text = std::string(algorithm) + "\n" + date + "\n" + scope + "\n" +
                      hexadecimal(signing::sha256(canonical(request)));
    const auto key = signing_key(request, keys, day);
    return std::string(algorithm) + " Credential=" + keys.id + "/" + scope +
           ", SignedHeaders=" + names_of(request.headers) +
           ", Signature=" + hexadecimal(signing::hmac_sha256(octets(key), text));
}

}  // namespace hearth::providers::claude
