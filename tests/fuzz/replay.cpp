// The driver of the plain build, where there is no libFuzzer: feeds a target its corpus, then a
// fixed number of inputs that are made of it, the same ones in every run.
//
//   TARGET ROUNDS CORPUS_FOLDER     the corpus, and as many changed inputs
//   TARGET 0 FILE                   that input alone

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name for it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace filesystem = std::filesystem;

constexpr std::size_t longest = 4096;

// What parsers have their branches for.
constexpr std::array<std::string_view, 16> morsels{
    "\"", "\\", "{}", "[",  ":",    ",",    "%",        "=",
    "&",  "#",  "-1", "\n", "\xff", "null", "\\ud800x", "9223372036854775808"};

// The input of the moment and where it goes if it is the last one, for the handler below.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::string_view current;
std::string crash_file;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

// A crash leaves its input behind.
void keep_input(int signal) {
    if (auto* const file = std::fopen(crash_file.c_str(), "wb")) {
        (void)std::fwrite(current.data(), 1, current.size(), file);
        (void)std::fclose(file);
        (void)std::fprintf(stderr, "the input is in %s\n", crash_file.c_str());
    }
    (void)std::signal(signal, SIG_DFL);
    (void)std::raise(signal);
}

void feed(std::string_view input) {
    current = input;
    // A block of its own size, so that a read past its end is seen by whoever watches memory.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    (void)LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

class Mutator {
  public:
    explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

    std::string next() {
        std::string input = corpus_[below(corpus_.size())];
        for (auto changes = 1 + below(4); changes > 0; --changes) change(input);
        input.resize(std::min(input.size(), longest));
        return input;
    }

  private:
    std::size_t below(std::size_t limit) { return engine_() % limit; }

    void change(std::string& input) {
        const auto at = below(input.size() + 1);
        const auto size = std::min<std::size_t>(1 + below(16), input.size() - at);
        switch (below(6)) {
            case 0:
                input.insert(at, morsels.at(below(morsels.size())));
                break;
            case 1:
                input.erase(at, size);
                break;
            case 2:
                input.insert(at, input.substr(at, size));
                break;
            case 3:
                input.insert(at, 1, static_cast<char>(below(256)));
                break;
            case 4:
                if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
                break;
            default:
                splice(input, at);
        }
    }

    // A piece of another one.
    void splice(std::string& input, std::size_t at) {
        const auto& other = corpus_[below(corpus_.size())];
        input.insert(at, other.substr(below(other.size() + 1), 1 + below(64)));
    }

    const std::vector<std::string>& corpus_;
    std::mt19937 engine_{1};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same inputs in every run.
};

std::vector<std::string> inputs_at(const filesystem::path& place) {
    std::vector<filesystem::path> paths;
    if (filesystem::is_directory(place)) {
        for (const auto& entry : filesystem::directory_iterator(place)) paths.push_back(entry);
    } else {
        paths.push_back(place);
    }
    std::ranges::sort(paths);
    std::vector<std::string> inputs;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return inputs;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv, argv + argc);
    if (arguments.size() != 3) {
        (void)std::fprintf(stderr, "usage: %s ROUNDS CORPUS\n", arguments.front().c_str());
        return 2;
    }
    const auto corpus = inputs_at(arguments[2]);
    if (corpus.empty()) {
        (void)std::fprintf(stderr, "%s holds no input\n", arguments[2].c_str());
        return 1;
    }
    crash_file = filesystem::path(arguments.front()).filename().string() + ".crash";
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGILL}) {
        (void)std::signal(signal, keep_input);
    }
    for (const auto& input : corpus) feed(input);
    Mutator mutator(corpus);
    const auto rounds = std::stoul(arguments[1]);
    for (std::size_t i = 0; i < rounds; ++i) feed(mutator.next());
    (void)std::printf("%zu inputs of the corpus and %zu made of them\n", corpus.size(), rounds);
    return 0;
}
