/**
 * What is added to the code of a cell when it is compiled: a poll in each loop, so that an interrupt can stop it, and
 * Node's own loader behind `import()`, so that modules with top-level await can be imported.
 *
 * The poll is a plain read of shared memory and costs about a nanosecond; only when it finds a flag does it call the
 * session, which throws if the interrupt is meant for the cell that polls.
 */
import type ts from "@tslab/typescript-for-tslab";

/** The names under which a compiled cell finds what the session gives it; parameters of the function around it. */
export const CELL_PARAMETERS = ["exports", "require", "__cellFlags", "__cellStop", "__cellImport"] as const;

/** The place of the poll's flag in the interrupt memory. */
export const POLL_FLAG = 2;

/** The transformers for the compilation of a cell's ES module to the script that runs. */
export function cellTransformers(typescript: typeof ts): ts.TransformerFactory<ts.SourceFile>[] {
  const factory = typescript.factory;

  function poll(): ts.Statement {
    return factory.createExpressionStatement(
      factory.createBinaryExpression(
        factory.createElementAccessExpression(factory.createIdentifier("__cellFlags"), POLL_FLAG),
        typescript.SyntaxKind.AmpersandAmpersandToken,
        factory.createCallExpression(factory.createIdentifier("__cellStop"), undefined, []),
      ),
    );
  }

  function withPoll(statement: ts.Statement): ts.Block {
    return typescript.isBlock(statement)
      ? factory.updateBlock(statement, [poll(), ...statement.statements])
      : factory.createBlock([poll(), statement], true);
  }

  function pollLoop(node: ts.IterationStatement): ts.IterationStatement {
    const body = withPoll(node.statement);
    if (typescript.isForStatement(node))
      return factory.updateForStatement(node, node.initializer, node.condition, node.incrementor, body);
    if (typescript.isForOfStatement(node))
      return factory.updateForOfStatement(node, node.awaitModifier, node.initializer, node.expression, body);
    if (typescript.isForInStatement(node))
      return factory.updateForInStatement(node, node.initializer, node.expression, body);
    if (typescript.isWhileStatement(node)) return factory.updateWhileStatement(node, node.expression, body);
    if (typescript.isDoStatement(node)) return factory.updateDoStatement(node, body, node.expression);
    return node;
  }

  return [
    (context) => (file) => {
      const visit = (node: ts.Node): ts.Node => {
        const visited = typescript.visitEachChild(node, visit, context);
        if (typescript.isIterationStatement(visited, false)) return pollLoop(visited);
        if (
          typescript.isCallExpression(visited) &&
          visited.expression.kind === typescript.SyntaxKind.ImportKeyword
        )
          return factory.updateCallExpression(
            visited,
            factory.createIdentifier("__cellImport"),
            undefined,
            visited.arguments,
          );
        return visited;
      };
      return typescript.visitNode(file, visit) as ts.SourceFile;
    },
  ];
}
