#include "providers/google/client_file.hpp"

#include "json/document.hpp"

namespace hearth::providers::google {
namespace {

std::unexpected<Error> wrong(const std::string& place, std::string_view what,
                             std::string_view hint) {
    return std::unexpected(
        Error{Remedy::usage, place + " " + std::string(what), std::string(hint)});
}

constexpr std::string_view where =
    "make an OAuth client of type \"Desktop app\" in Google's console, and save its JSON";

}  // namespace

Result<ClientFile> read_client_file(std::string_view text, const std::string& place) {
    const auto file = json::Document::parse(text);
    if (!file) return wrong(place, "is not a JSON object", where);
    if (file->has("web"))
        return wrong(place, "is the client of a web server, which no program on a desktop can be",
                     where);
    if (file->has("type"))
        return wrong(place, "is a credential file and no OAuth client",
                     "name it by credentials_file");
    const auto installed = file->object("installed");
    ClientFile client{.client_id = installed.text("client_id"), .client_secret = {}};
    if (client.client_id.empty()) return wrong(place, "has no installed.client_id", where);
    if (auto secret = installed.secret("client_secret")) client.client_secret = *std::move(secret);
    return client;
}

}  // namespace hearth::providers::google
