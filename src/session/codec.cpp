#include "session/codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/try.hpp"
#include "json/document.hpp"
#include "json/object_writer.hpp"

namespace hearth::session {
namespace {

using json::Document;
using json::ObjectWriter;

std::int64_t milliseconds(Instant instant) { return instant.time_since_epoch().count(); }

Secret encode_account(const Account& account) {
    return ObjectWriter()
        .text("subject", account.subject)
        .text("email", account.email)
        .text("name", account.name)
        .text("organization_id", account.organization_id)
        .text("organization_name", account.organization_name)
        .text("workspace_id", account.workspace_id)
        .text("workspace_name", account.workspace_name)
        .text("plan", account.plan)
        .take();
}

Account decode_account(const Document& document) {
    return {.subject = document.text("subject"),
            .email = document.text("email"),
            .name = document.text("name"),
            .organization_id = document.text("organization_id"),
            .organization_name = document.text("organization_name"),
            .workspace_id = document.text("workspace_id"),
            .workspace_name = document.text("workspace_name"),
            .plan = document.text("plan")};
}

Secret encode_lifespan(const Lifespan& lifespan) {
    return ObjectWriter()
        .number("issued_at_ms", milliseconds(lifespan.issued.wall))
        .number("lifetime_ms", lifespan.lifetime.count())
        .number("boot_ms", lifespan.issued.boot.count())
        .text("boot_id", lifespan.issued.boot_id.to_string())
        .take();
}

constexpr std::array<std::string_view, 3> kind_names{"bearer", "api_key", "aws"};

std::optional<Credential::Kind> parse_kind(std::string_view name) {
    const auto* const found = std::ranges::find(kind_names, name);
    if (found == kind_names.end()) return {};
    return static_cast<Credential::Kind>(found - kind_names.begin());
}

Error damaged() {
    return {Remedy::failed, "the stored session is damaged",
            "sign in again with 'hearth login'; nothing was overwritten"};
}

// Within what any credential can have, and far from where adding overflows.
Result<std::int64_t> in_range(std::optional<std::int64_t> value) {
    constexpr std::int64_t year_9999 = 253'402'300'799'000;
    if (!value || *value < 0 || *value > year_9999) return std::unexpected(damaged());
    return *value;
}

Result<std::optional<Instant>> instant(const Document& document, std::string_view name) {
    if (!document.has(name)) return std::nullopt;
    return Instant(Span(HEARTH_TRY(in_range(document.number(name)))));
}

Result<std::optional<Lifespan>> decode_lifespan(const Document& document) {
    if (!document.has("lifespan")) return std::nullopt;
    const auto lifespan = document.object("lifespan");
    const Moment issued{
        .wall = Instant(Span(HEARTH_TRY(in_range(lifespan.number("issued_at_ms"))))),
        .boot = Span(HEARTH_TRY(in_range(lifespan.number("boot_ms")))),
        .boot_id = BootId::parse(lifespan.text("boot_id")).value_or(BootId{})};
    return Lifespan{issued, Span(HEARTH_TRY(in_range(lifespan.number("lifetime_ms"))))};
}

Result<Session> decode_session(const Document& document) {
    const auto counter = HEARTH_TRY(in_range(document.number("counter")));
    const auto kind = parse_kind(document.text("kind"));
    if (!kind) return std::unexpected(damaged());
    const auto lifespan = HEARTH_TRY(decode_lifespan(document));
    const auto refresh_expires_at = HEARTH_TRY(instant(document, "refresh_expires_at_ms"));
    const auto signed_in_at = HEARTH_TRY(instant(document, "signed_in_at_ms"));
    auto scopes = HEARTH_TRY(Scopes::parse(document.text("scopes")));
    Session session{
        .version = {document.text("lineage"), static_cast<std::uint64_t>(counter)},
        .provider = document.text("provider"),
        .kind = *kind,
        .issuer = document.text("issuer"),
        .client_id = document.text("client_id"),
        .client_secret = document.secret("client_secret"),
        .client_auth = document.text("client_auth"),
        .token_endpoint = document.text("token_endpoint"),
        .revocation_endpoint = document.text("revocation_endpoint"),
        .userinfo_endpoint = document.text("userinfo_endpoint"),
        .access_token = document.secret("access_token").value_or(Secret()),
        .refresh_token = document.secret("refresh_token"),
        .lifespan = lifespan,
        .refresh_expires_at = refresh_expires_at,
        .scopes = std::move(scopes),
        .account = decode_account(document.object("account")),
        .signed_in_at = signed_in_at.value_or(Instant{}),
        .unattended = document.number("unattended") == 1,
        .facts = {},
    };
    const auto facts = document.object("facts");
    for (const auto& name : facts.names()) session.facts.emplace(name, facts.text(name));
    // One that was taken over may have to be renewed before it has an access token.
    const bool to_be_renewed =
        session.refresh_token && session.lifespan && session.lifespan->lifetime == Span{};
    const bool whole = !session.version.lineage.empty() && !session.provider.empty() &&
                       (!session.access_token.empty() || to_be_renewed);
    if (!whole) return std::unexpected(damaged());
    return session;
}

}  // namespace

Secret encode(const Session& session) {
    ObjectWriter writer;
    // What an older hearth can read is left so that it can.
    writer.number("format", session.kind == Credential::Kind::aws ? session_format : 1)
        .text("lineage", session.version.lineage)
        .number("counter", static_cast<std::int64_t>(session.version.counter))
        .text("provider", session.provider)
        .text("kind", kind_names.at(std::to_underlying(session.kind)))
        .text("issuer", session.issuer)
        .text("client_id", session.client_id)
        .text("client_auth", session.client_auth)
        .text("token_endpoint", session.token_endpoint)
        .text("revocation_endpoint", session.revocation_endpoint)
        .text("userinfo_endpoint", session.userinfo_endpoint)
        .text("access_token", session.access_token.reveal())
        .text("scopes", session.scopes.to_string())
        .number("signed_in_at_ms", milliseconds(session.signed_in_at))
        .object("account", encode_account(session.account));
    if (session.unattended) writer.number("unattended", 1);
    if (session.client_secret) writer.text("client_secret", session.client_secret->reveal());
    if (session.refresh_token) writer.text("refresh_token", session.refresh_token->reveal());
    if (session.lifespan) writer.object("lifespan", encode_lifespan(*session.lifespan));
    if (session.refresh_expires_at)
        writer.number("refresh_expires_at_ms", milliseconds(*session.refresh_expires_at));
    if (!session.facts.empty()) {
        ObjectWriter facts;
        for (const auto& [name, value] : session.facts) facts.text(name, value);
        writer.object("facts", facts.take());
    }
    return writer.take();
}

Result<Session> decode(std::string_view document) {
    const auto parsed = Document::parse(document);
    if (!parsed) return std::unexpected(damaged());
    const auto format = parsed->number("format").value_or(0);
    if (format < 1) return std::unexpected(damaged());
    if (format > session_format) {
        return std::unexpected(Error{Remedy::refused,
                                     "the stored session has format " + std::to_string(format) +
                                         ", which a newer hearth wrote; this one reads up to " +
                                         std::to_string(session_format),
                                     "install the newer hearth; nothing was overwritten"});
    }
    auto session = decode_session(*parsed);
    if (!session) return std::unexpected(damaged());
    return session;
}

}  // namespace hearth::session
