#include <hearth/hearth.hpp>

#include <iostream>

namespace {

int fail(const hearth::Error& error) {
    std::cerr << error.what << '\n';
    return static_cast<int>(error.remedy);
}

}  // namespace

// Authorises a request with a credential of its own making, then asks an engine for a profile that
// nobody added, and ends with the remedy of that error.
int main() {
    hearth::Credential::Parts parts;
    parts.token = hearth::Secret("a-token");
    const hearth::Credential credential(std::move(parts));
    hearth::Request request{.method = "GET", .url = "https://api.example.com/", .headers = {}};
    if (const auto done = credential.authorize(request); !done) return fail(done.error());
    for (const auto& header : request.headers)
        std::cout << header.name << ": " << header.value << '\n';

    const auto hearth = hearth::Hearth::open();
    if (!hearth) return fail(hearth.error());
    const auto nobody = (*hearth)->credential("nobody");
    return nobody ? 0 : fail(nobody.error());
}
