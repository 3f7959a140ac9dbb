// Prints the header lines that authorise a request, whoever the provider is:
//
//   request_headers PROFILE METHOD URL | curl --header @- URL
#include <hearth/hearth.hpp>
#include <iostream>

namespace {

int fail(const hearth::Error& error) {
    std::cerr << "request_headers: " << error.what << '\n';
    if (!error.hint.empty()) std::cerr << "hint: " << error.hint << '\n';
    return static_cast<int>(error.remedy);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::cerr << "usage: request_headers PROFILE METHOD URL\n";
        return static_cast<int>(hearth::Remedy::usage);
    }
    const auto hearth = hearth::Hearth::open();
    if (!hearth) return fail(hearth.error());
    const auto credential = (*hearth)->credential(arguments[1]);
    if (!credential) return fail(credential.error());
    hearth::Request request{.method = arguments[2], .url = arguments[3], .headers = {}};
    if (const auto authorized = (*credential)->authorize(request); !authorized)
        return fail(authorized.error());
    for (const auto& header : request.headers)
        std::cout << header.name << ": " << header.value << '\n';
    return 0;
}
