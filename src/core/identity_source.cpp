#include "core/identity_source.hpp"

#include <algorithm>
#include <utility>

#include "core/url.hpp"

namespace hearth {
namespace {

using Kind = IdentitySource::Kind;

std::unexpected<Error> wrong(std::string what) {
    return std::unexpected(Error{Remedy::usage, std::move(what),
                                 "file:PATH, variable:NAME, github, google, or aws:REGION"});
}

bool is_variable(std::string_view name) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto fits = [&](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || digit(c) || c == '_';
    };
    return !name.empty() && !digit(name.front()) && std::ranges::all_of(name, fits);
}

// The server has no certificate: besides loopback it is trusted at the addresses alone that it
// always has.
bool is_metadata_server(std::string_view text) {
    const auto url = Url::parse(text);
    if (!url || url->target() != "/") return false;
    return url->secure() || url->loopback() || url->host() == "metadata.google.internal" ||
           url->host() == "169.254.169.254";
}

// "eu-central-1", and after another colon a server in the place of AWS's own.
bool is_region(std::string_view text) {
    const auto colon = text.find(':');
    const auto region = text.substr(0, colon);
    const bool name =
        !region.empty() && region.size() <= 32 && std::ranges::all_of(region, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
    if (!name || colon == std::string_view::npos) return name;
    const auto server = Url::parse(text.substr(colon + 1));
    return server && server->target() == "/" && (server->secure() || server->loopback());
}

}  // namespace

Result<IdentitySource> IdentitySource::parse(std::string_view text) {
    const auto colon = text.find(':');
    const auto kind = text.substr(0, colon);
    const std::string what(colon == std::string_view::npos ? "" : text.substr(colon + 1));
    if (text.empty()) return IdentitySource{};
    if (kind == "file") {
        const bool absolute = what.starts_with('/') && !what.contains('\0');
        if (!absolute) return wrong("must name the file by a path that begins with /");
        return IdentitySource{.kind = Kind::file, .what = what};
    }
    if (kind == "variable") {
        if (!is_variable(what)) return wrong("must name the variable by letters, digits and _");
        return IdentitySource{.kind = Kind::variable, .what = what};
    }
    if (text == "github") return IdentitySource{.kind = Kind::github, .what = {}};
    if (text == "google") return IdentitySource{.kind = Kind::google, .what = {}};
    if (kind == "google") {
        if (!is_metadata_server(what))
            return wrong("must name the metadata server by https, or on this machine");
        return IdentitySource{.kind = Kind::google, .what = what};
    }
    if (kind == "aws") {
        if (!is_region(what)) return wrong("must name AWS's region, as in aws:eu-central-1");
        return IdentitySource{.kind = Kind::aws, .what = what};
    }
    return wrong("must say where the identity token comes from");
}

std::string IdentitySource::to_string() const {
    switch (kind) {
        case Kind::none:
            return "";
        case Kind::file:
            return "file:" + what;
        case Kind::variable:
            return "variable:" + what;
        case Kind::github:
            return "github";
        case Kind::google:
            return what.empty() ? "google" : "google:" + what;
        case Kind::aws:
            return "aws:" + what;
    }
    std::unreachable();
}

std::vector<std::string> IdentitySource::variables() const {
    if (kind == Kind::variable) return {what};
    if (kind == Kind::github)
        return {"ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"};
    if (kind == Kind::aws)
        return {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
    return {};
}

}  // namespace hearth
