#include "sinks/contents.hpp"

#include "core/try.hpp"
#include "json/document.hpp"
#include "json/object_writer.hpp"

namespace hearth::sinks {
namespace {

constexpr std::string_view anthropic_api = "https://api.anthropic.com";
constexpr std::string_view format_version = "1.0";

std::int64_t unix_seconds(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

void optional_text(json::ObjectWriter& out, std::string_view name, std::string_view value) {
    if (!value.empty()) out.text(name, value);
}

}  // namespace

Secret json_content(const Handout& handout) {
    json::ObjectWriter out;
    out.text("token", handout.token.reveal());
    out.text("token_type", handout.api_key ? "x-api-key" : "Bearer");
    if (handout.expires_at) {
        out.text("expires_at", to_rfc3339(*handout.expires_at));
    } else {
        out.null("expires_at");
    }
    return out.take();
}

Secret anthropic_credentials(const Handout& handout) {
    json::ObjectWriter out;
    out.text("version", format_version).text("type", "oauth_token");
    out.text("access_token", handout.token.reveal());
    if (handout.expires_at) out.number("expires_at", unix_seconds(*handout.expires_at));
    optional_text(out, "organization_uuid", handout.organization_id);
    optional_text(out, "organization_name", handout.organization_name);
    optional_text(out, "account_email", handout.email);
    optional_text(out, "workspace_id", handout.workspace_id);
    return out.take();
}

std::string anthropic_config(const Handout& handout) {
    json::ObjectWriter authentication;
    authentication.text("type", "user_oauth");
    json::ObjectWriter out;
    out.text("version", format_version).object("authentication", authentication.take());
    optional_text(out, "organization_id", handout.organization_id);
    optional_text(out, "workspace_id", handout.workspace_id);
    out.text("base_url", handout.base_url.empty() ? anthropic_api : handout.base_url);
    return std::string(out.take().reveal());
}

Result<> may_replace_anthropic_config(std::string_view text, const std::string& path) {
    const auto kept = json::Document::parse(text);
    if (!kept)
        return std::unexpected(
            Error{Remedy::failed, path + " is there and is not JSON",
                  "move it away, or name another profile with anthropic_profile"});
    const auto authentication = kept->object("authentication");
    if (authentication.text("type") == "user_oauth" && !authentication.has("client_id")) return {};
    return std::unexpected(
        Error{Remedy::failed, path + " is a profile that another program renews",
              "name another one with anthropic_profile, or remove it with that program"});
}

}  // namespace hearth::sinks
