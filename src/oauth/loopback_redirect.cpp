#include "oauth/loopback_redirect.hpp"

#include <algorithm>

#include "core/try.hpp"
#include "core/url.hpp"

namespace hearth::oauth {
namespace {

constexpr std::string_view placeholder = ":{port}";

Error bad_redirect(std::string_view why) {
    return Error{Remedy::usage, "redirect_uri " + std::string(why),
                 "such as http://127.0.0.1:{port}/callback"};
}

}  // namespace

Result<LoopbackRedirect> LoopbackRedirect::parse(std::string_view text, std::uint16_t fixed_port) {
    std::string plain(text);
    const auto place = plain.find(placeholder);
    const bool has_placeholder = place != std::string::npos;
    if (has_placeholder) plain.erase(place, placeholder.size());
    const auto url = Url::parse(plain);
    if (!url) return std::unexpected(bad_redirect("is " + url.error().what));
    if (url->secure() || !url->loopback()) {
        return std::unexpected(bad_redirect("is not plain http on loopback"));
    }
    if (plain.contains('{')) return std::unexpected(bad_redirect("has a brace that is no {port}"));
    const auto host_end = std::min(plain.find_first_of("/?", plain.find("://") + 3), plain.size());
    if (has_placeholder && place != host_end) {
        return std::unexpected(bad_redirect("has {port} in a place that is not the port's"));
    }
    LoopbackRedirect redirect;
    redirect.before_ = plain.substr(0, host_end);
    redirect.after_ = plain.substr(host_end);
    redirect.path_ = url->target().substr(0, url->target().find('?'));
    redirect.port_ = fixed_port;
    const auto colon = redirect.before_.find(':', redirect.before_.find_last_of("]/"));
    if (colon != std::string::npos) {
        if (fixed_port != 0 && fixed_port != url->port()) {
            return std::unexpected(bad_redirect("has another port than redirect_port"));
        }
        redirect.port_ = url->port();
        redirect.before_.resize(colon);
    }
    return redirect;
}

std::string LoopbackRedirect::uri(std::uint16_t port) const {
    return before_ + ":" + std::to_string(port) + after_;
}

}  // namespace hearth::oauth
