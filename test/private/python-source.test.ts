import { importBeyondRoot, isCoroutine, namesOfModule } from '../../src/private/python-source';

const names = (source: string) => [...namesOfModule(source) ?? ['?']];

test.each([
  ['a function', 'def handler(event, context):\n    inner = 1\n', ['handler']],
  ['an asynchronous function and a class', 'async def a(): ...\nclass B(Base):\n  def handler(self): ...\n', ['a', 'B']],
  ['a decorated function', '@tracer.capture(\n    name="x"\n)\n@other\ndef handler(event, context): return 1\n', ['handler']],
  ['a function with a long signature', 'def handler(\n    event: dict[str, str] = {},\n    context=None,\n) -> None:\n    x = 1\nafter = 2', ['handler', 'after']],
  ['a value', 'handler = Mangum(app, lifespan="off")', ['handler']],
  ['several targets', 'a = b = make(c=1)\nd, (e, f) = g()\nh: int = 3\nj += 1\nk[l] = 1', ['a', 'b', 'd', 'e', 'f', 'h', 'k']],
  ['imports', 'import json\nimport os.path\nimport numpy as np\nfrom a.b import (\n    c,\n    d as handler,  # why\n)\nfrom . import e', ['json', 'os', 'np', 'c', 'handler', 'e']],
  ['blocks', 'try:\n    import x\nexcept ImportError as error:\n    x = None\nelse:\n  def f(): ...\nwith open("a") as g: h = 1\nfor i in j: pass\nif (n := 3): pass', ['x', 'error', 'f', 'g', 'h', 'i', 'n']],
  ['a name that a function makes global', 'def init():\n    global handler\n    handler = 1\n', ['init', 'handler']],
  ['a block after a function', 'def f():\n    def inner():\n        pass\n\n    a = 1\nif True:\n    b = 2', ['f', 'b']],
  ['statements on one line', 'a = 1; b = 2', ['a', 'b']],
  ['comparisons, which define nothing', 'assert a == b\nprint(c=1)\nassert d != e, f <= g', []],
  ['strings and comments, which define nothing', '"""\ndef a(): ...\n"""\n# b = 1\nc = "d = 1 # not a comment"\ne = \'it\\\'s\'\nf = r"\\"\ng = f"""{h}\ni = 1"""', ['c', 'e', 'f', 'g']],
  ['a continued line and Windows line ends', 'a = \\\r\n  1\r\nb = 2\r\n', ['a', 'b']],
])('finds %s', (_, source, expected) => {
  expect(names(source)).toEqual(expect.arrayContaining(expected));
  for (const absent of ['inner', 'event', 'context', 'lifespan', 'self']) expect(names(source)).not.toContain(absent);
  if (expected.length === 0) expect(names(source)).toEqual([]);
});

test.each(['from handlers import *', 'def __getattr__(name): ...', 'globals()["handler"] = f', 'setattr(sys.modules[__name__], "handler", f)', 'exec(code)'])(
  'the names are not known after %s', source => expect(namesOfModule(source)).toBeUndefined());

test.each(['if TYPE_CHECKING:\n    from x import handler', 'if typing.TYPE_CHECKING:\n  handler = 1', 'if __name__ == "__main__":\n    def handler(): ...', 'handler: Handler'])(
  'no import defines a name by %j', source => expect(names(`${source}\nelse_ = 1`)).toEqual(['else_']));

test('the other branch of a block for type checkers defines names', () => {
  expect(names('if TYPE_CHECKING:\n  a = 1\nelse:\n  b = 2')).toEqual(expect.arrayContaining(['b']));
});

test.each([
  ['async def handler(event, context): ...', true],
  ['def handler(event, context): ...', false],
  ['@run\nasync def handler(event, context): ...', false],
  ['async def handler(event, context): ...\nhandler = run(handler)', false],
  ['class A:\n  async def handler(self): ...\nhandler = A().handler', false],
])('%j is a coroutine: %s', (source, expected) => expect(isCoroutine(source, 'handler')).toBe(expected));

test.each([
  ['from .a import b', 0, 'from .a import'],
  ['from . import b', 0, 'from . import'],
  ['from ..a import b', 1, 'from ..a import'],
  ['from .a import b', 1, undefined],
  ['try:\n  from .a import b\nexcept ImportError:\n  from a import b', 0, undefined],
  ['from a import b', 0, undefined],
])('%j with %i packages around it', (source, depth, expected) => expect(importBeyondRoot(source, depth)).toBe(expected));

test('strings are not code', () => {
  expect(names('"""\ndef a(): ...\n"""\nc = "d = 1 # x"\n')).toEqual(['c']);
});
