// A program's first credential beside the rest of its start-up, each as a whole process:
// first_credential WAY PROFILE MILLISECONDS
//
//   rest      only the rest, which takes so long
//   store     only the credential
//   prefetch  opens hearth, which begins to read, then does the rest, then asks
//   later     does the rest, then opens hearth and asks
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include "hearth/hearth.hpp"

namespace {

using Opened = hearth::Result<std::unique_ptr<hearth::Hearth>>;

int ask(const Opened& opened, const std::string& profile) {
    if (!opened) return std::cerr << opened.error().what << '\n', 1;
    const auto credential = (*opened)->credential(profile);
    if (!credential) return std::cerr << credential.error().what << '\n', 1;
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::cerr << "usage: first_credential rest|store|prefetch|later PROFILE MILLISECONDS\n";
        return 2;
    }
    const std::string way = arguments[1];
    const std::string profile = arguments[2];
    const auto rest = [&] {
        std::this_thread::sleep_for(
            std::chrono::milliseconds(std::strtol(arguments[3], nullptr, 10)));
    };
    const auto open = [] { return hearth::Hearth::open({.home = {}, .keep = false}); };
    if (way == "prefetch") {
        const auto opened = open();
        rest();
        return ask(opened, profile);
    }
    if (way != "store") rest();
    return way == "rest" ? 0 : ask(open(), profile);
}
