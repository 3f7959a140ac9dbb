// A credential file of Google Cloud, which may come from anybody.
#include "providers/google/credentials.hpp"

#include <array>

#include "core/url.hpp"
#include "fuzz/target.hpp"
#include "json/document.hpp"

namespace hearth::fuzz {
namespace {

namespace google = providers::google;

constexpr std::array<std::string_view, 4> secrets{"client_secret", "refresh_token", "private_key",
                                                  "rapt_token"};

// Nothing of a secret that stands in the file once, and there alone.
void require_silent(const Error& error, std::string_view input) {
    require_sound(error);
    const auto file = json::Document::parse(input);
    if (!file) return;
    for (const auto name : secrets) {
        const auto secret = file->text(name);
        const auto at = input.find(secret);
        if (secret.size() < 12 || at == std::string_view::npos) continue;
        if (input.find(secret, at + 1) != std::string_view::npos) continue;
        require(!error.what.contains(secret) && !error.hint.contains(secret));
    }
}

// Where something is sent that is made with a secret.
void require_trusted(const std::string& url) {
    const auto parsed = Url::parse(url);
    require(parsed.has_value());
    const auto& host = parsed->host();
    require(parsed->loopback() ||
            (parsed->secure() && (host == "googleapis.com" || host.ends_with(".googleapis.com"))));
}

void require_good(const google::Credentials& credentials, int depth);

void require_good(const google::AuthorizedUser& user, int /*depth*/) {
    require(!user.client_id.empty() && !user.client_secret.empty() && !user.refresh_token.empty());
    require_trusted(user.token_uri);
}
void require_good(const google::ExternalAccountAuthorizedUser& user, int /*depth*/) {
    require(!user.client_id.empty() && !user.client_secret.empty() && !user.refresh_token.empty());
    require_trusted(user.token_url);
    for (const auto& url : {user.revoke_url, user.token_info_url})
        if (!url.empty()) require_trusted(url);
}
void require_good(const google::ServiceAccount& account, int /*depth*/) {
    require(!account.client_email.empty() && !account.private_key.empty());
    require_trusted(account.token_uri);
}
void require_good(const google::GdchServiceAccount& account, int /*depth*/) {
    require(!account.name.empty() && !account.private_key.empty());
    require_trusted(account.token_uri);
}
void require_good(const google::Impersonation& impersonation) {
    require_trusted(impersonation.url);
    require(impersonation.url.ends_with(":generateAccessToken"));
    require(impersonation.lifetime >= std::chrono::minutes(10));
    require(impersonation.lifetime <= std::chrono::hours(12));
}
void require_good(const google::ExternalAccount& account, int /*depth*/) {
    require(!account.audience.empty() && !account.subject_token_type.empty());
    require_trusted(account.token_url);
    if (account.impersonation) require_good(*account.impersonation);
    if (const auto* const file = std::get_if<google::FileSource>(&account.source))
        require(file->file.starts_with('/'));
    if (const auto* const url = std::get_if<google::UrlSource>(&account.source)) {
        for (const auto& [name, value] : url->headers)
            require(sendable(name) && !has_control_character(value.reveal()));
    }
}
void require_good(const google::ImpersonatedServiceAccount& account, int depth) {
    require(account.source != nullptr);
    require_good(account.impersonation);
    require_good(*account.source, depth + 1);
}
void require_good(const google::MetadataServer& /*server*/, int /*depth*/) { require(false); }

void require_good(const google::Credentials& credentials, int depth) {
    require(depth <= 2 && credentials.place == "/adc.json");
    require(!has_control_character(credentials.quota_project_id));
    std::visit([&](const auto& kind) { require_good(kind, depth); }, credentials.kind);
}

}  // namespace

void try_input(std::string_view input) {
    const auto read =
        google::read_credentials(input, {.universe_domain = {}, .place = "/adc.json"});
    if (!read) return require_silent(read.error(), input);
    require(!google::type_of(*read).empty());
    require_good(*read, 0);
}

}  // namespace hearth::fuzz
