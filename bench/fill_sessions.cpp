// Fills a home with signed-in profiles, for measuring what an agent weighs: fill_sessions HOME
// COUNT
//
// The sessions are good for a day, rest in sealed files, and are of an issuer that nobody will ask.
#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "composition/private_files.hpp"
#include "core/places.hpp"
#include "session/codec.hpp"
#include "stores/sealed_file_store.hpp"
#include "system/clock.hpp"
#include "system/files.hpp"
#include "system/random.hpp"

namespace {

using namespace hearth;

constexpr std::size_t token_size = 1024;

Session made_session(const Clock& clock, Random& random) {
    Session made;
    made.version = {random.hex(16), 1};
    made.provider = "oidc";
    made.issuer = "https://issuer.invalid";
    made.client_id = "bench";
    made.client_auth = "none";
    made.token_endpoint = "https://issuer.invalid/token";
    made.access_token = Secret(random.hex(token_size / 2));
    made.refresh_token = Secret(random.hex(token_size / 2));
    made.lifespan = Lifespan{clock.now(), std::chrono::hours(24)};
    made.account.subject = random.hex(8);
    made.account.email = made.account.subject + "@bench.invalid";
    made.signed_in_at = clock.now().wall;
    return made;
}

int fail(const Error& error) {
    std::cerr << "fill_sessions: " << error.what << '\n';
    return 1;
}

}  // namespace

int main(int count, char** arguments) try {
    if (count != 3) {
        std::cerr << "usage: fill_sessions HOME COUNT\n";
        return 2;
    }
    const std::string home = arguments[1];
    const auto found = places([&](std::string_view name) -> std::optional<std::string> {
        return name == "HEARTH_HOME" ? std::optional(home) : std::nullopt;
    });
    if (!found) return fail(found.error());
    const system::SystemClock clock;
    system::SystemRandom random;
    composition::PrivateFiles files;
    if (const auto made = system::ensure_private_folder(found->state_folder); !made)
        return fail(made.error());
    const std::string key = home + "/key";
    stores::SealedFileStore store(found->sealed_folder, stores::KeyFileSource{key}, random, files);
    std::string config = fmt::format("[store]\nkind = \"sealed\"\nkey_file = \"{}\"\n", key);
    for (long i = 0; i < std::strtol(arguments[2], nullptr, 10); ++i) {
        const auto name = fmt::format("p{:06}", i);
        config += fmt::format(
            "\n[profiles.{}]\nprovider = \"oidc\"\nissuer = \"https://issuer.invalid\"\nclient_id "
            "= \"bench\"\n",
            name);
        if (const auto saved =
                store.save(*Name::parse(name), session::encode(made_session(clock, random)));
            !saved) {
            return fail(saved.error().error);
        }
    }
    if (const auto written = system::atomic_write(found->config_file, config); !written)
        return fail(written.error());
    return 0;
} catch (const std::exception& problem) {
    return fail({.what = problem.what()});
}
