#include <string>

#include "core/url.hpp"
#include "providers/google/credentials.hpp"

namespace hearth::providers::google {
namespace {

constexpr std::string_view own_universe = "googleapis.com";

bool within(std::string_view host, std::string_view domain) {
    if (host == domain) return true;
    return host.size() > domain.size() && host.ends_with(domain) &&
           host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

Result<> check_service_url(std::string_view what, std::string_view url, const FileRules& rules) {
    const auto name = rules.place + ": " + std::string(what);
    const auto parsed = Url::parse(url);
    if (!parsed)
        return std::unexpected(
            Error{Remedy::usage, name + " is " + parsed.error().what, parsed.error().hint});
    if (parsed->loopback()) return {};
    if (!parsed->secure())
        return std::unexpected(Error{Remedy::refused, name + " is plain http on " + parsed->host(),
                                     "use https; plain http is for loopback only"});
    const std::string_view universe = rules.universe_domain;
    if (within(parsed->host(), own_universe)) return {};
    if (!universe.empty() && within(parsed->host(), universe)) return {};
    const auto shown = universe.empty() ? own_universe : universe;
    return std::unexpected(
        Error{Remedy::refused,
              name + " is on " + parsed->host() + ", which is no host of " + std::string(shown),
              "whoever wrote the file may want what is sent there; where it is a cloud of its own, "
              "set universe_domain in the profile"});
}

}  // namespace hearth::providers::google
