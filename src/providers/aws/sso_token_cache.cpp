#include "providers/aws/sso_token_cache.hpp"

#include <openssl/evp.h>

#include <array>
#include <optional>
#include <utility>

#include "json/document.hpp"

namespace hearth::providers::aws {
namespace {

constexpr std::size_t largest_cache_file = 256UL * 1024;

// A name, and no protection of anything.
std::string sha1_hex(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (std::size_t at = 0; at < size; ++at) {
        hex += digits[digest.at(at) >> 4U];
        hex += digits[digest.at(at) & 0xFU];
    }
    return hex;
}

// Some programs write "2026-01-02T03:04:05UTC".
std::optional<Instant> instant_in(std::string text) {
    constexpr std::string_view name = "UTC";
    if (text.ends_with(name)) text.replace(text.size() - name.size(), name.size(), "Z");
    const auto instant = parse_rfc3339(text);
    return instant ? std::optional(*instant) : std::nullopt;
}

std::unexpected<KeysFailure> unusable(const IdentityCenter& way, std::string what) {
    const auto login = way.session.empty() ? std::string() : " --sso-session " + way.session;
    return std::unexpected(KeysFailure{
        .kind = KeysFailure::Kind::needs_person,
        .error = {Remedy::sign_in, std::move(what),
                  "aws sso login" + login +
                      ", or name a profile that signs in to IAM Identity Center with sso_profile"},
        .retry_after = {}});
}

}  // namespace

std::string sso_cache_file(const IdentityCenter& way, std::string_view home) {
    return std::string(home) + "/.aws/sso/cache/" +
           sha1_hex(way.session.empty() ? way.start_url : way.session) + ".json";
}

std::expected<CachedSsoToken, KeysFailure> cached_sso_token(const IdentityCenter& way,
                                                            std::string_view home, PlanFiles& files,
                                                            Instant now) {
    auto path = sso_cache_file(way, home);
    const auto text = files.file(path, largest_cache_file);
    if (!text)
        return unusable(way, "nobody has signed in to " + way.start_url +
                                 " with the AWS CLI: " + text.error().what);
    const auto body = json::Document::parse(text->reveal());
    auto token = body ? body->secret("accessToken") : std::nullopt;
    const auto expires_at = body ? instant_in(body->text("expiresAt")) : std::nullopt;
    if (!token || !expires_at)
        return unusable(way, path + " holds no token of the AWS CLI with its expiry");
    if (*expires_at <= now)
        return unusable(
            way, "the token of the AWS CLI in " + path + " expired at " + to_rfc3339(*expires_at));
    return CachedSsoToken{
        .access_token = *std::move(token), .expires_at = *expires_at, .file = std::move(path)};
}

}  // namespace hearth::providers::aws
