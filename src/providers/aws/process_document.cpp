#include "providers/aws/process_document.hpp"

#include <algorithm>
#include <utility>

#include "json/document.hpp"
#include "json/object_writer.hpp"
#include "signing/base64.hpp"

namespace hearth::providers::aws {
namespace {

std::unexpected<Error> wrong(std::string what) {
    return std::unexpected(
        Error{Remedy::usage, std::move(what),
              R"(AWS's tools write {"Version":1,"AccessKeyId":…,"SecretAccessKey":…}, with )"
              R"("SessionToken" and "Expiration" where the keys are temporary)"});
}

// An access key's identifier goes into a header as it is.
bool plain(std::string_view text) {
    return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

}  // namespace

Secret process_document(const StaticKeys& keys, std::optional<Instant> expires_at) {
    json::ObjectWriter document;
    document.number("Version", 1)
        .text("AccessKeyId", keys.access_key_id)
        .text("SecretAccessKey", keys.secret_access_key.reveal());
    if (!keys.session_token.empty()) document.text("SessionToken", keys.session_token.reveal());
    if (!keys.account_id.empty()) document.text("AccountId", keys.account_id);
    if (expires_at) document.text("Expiration", to_rfc3339(*expires_at));
    return document.take();
}

Result<Keys> keys_in_document(std::string_view text) {
    const auto parsed = json::Document::parse(text);
    if (!parsed) return wrong("these are no keys of AWS: it is no JSON object");
    const bool wrapped = parsed->has("Credentials");
    const auto document = wrapped ? parsed->object("Credentials") : *parsed;
    if (!wrapped && document.has("Version") && document.number("Version") != 1)
        return wrong("these keys of AWS have a Version that is not 1");
    Keys keys;
    keys.keys.access_key_id = document.text("AccessKeyId");
    if (!plain(keys.keys.access_key_id)) return wrong("these keys of AWS have no AccessKeyId");
    auto secret = document.secret("SecretAccessKey");
    if (!secret) return wrong("these keys of AWS have no SecretAccessKey");
    keys.keys.secret_access_key = *std::move(secret);
    keys.keys.session_token = document.secret("SessionToken").value_or(Secret());
    keys.keys.account_id = document.text("AccountId");
    if (!document.has("Expiration")) return keys;
    const auto expires_at = parse_rfc3339(document.text("Expiration"));
    if (!expires_at) return wrong("these keys of AWS have an Expiration that is no time");
    keys.expires_at = *expires_at;
    return keys;
}

std::string address_in_bedrock_key(std::string_view key) {
    constexpr std::string_view beginning = "bedrock-api-key-";
    if (!key.starts_with(beginning)) return {};
    std::string encoded(key.substr(beginning.size()));
    std::ranges::replace(encoded, '+', '-');
    std::ranges::replace(encoded, '/', '_');
    while (encoded.ends_with('=')) encoded.pop_back();
    return signing::from_base64url(encoded).value_or("");
}

std::string access_key_id_in(std::string_view handed_out) {
    constexpr std::string_view credential = "X-Amz-Credential=";
    if (plain(handed_out)) return std::string(handed_out);
    if (const auto keys = keys_in_document(handed_out)) return keys->keys.access_key_id;
    const auto address = address_in_bedrock_key(handed_out);
    const auto begin = address.find(credential);
    if (begin == std::string::npos) return {};
    const auto id = std::string_view(address).substr(begin + credential.size());
    return std::string(id.substr(0, id.find('%')));
}

bool of_same_keys(std::string_view left, std::string_view right) {
    const auto id = access_key_id_in(left);
    return !id.empty() && id == access_key_id_in(right);
}

}  // namespace hearth::providers::aws
